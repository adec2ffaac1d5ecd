package io.locky.sample;

import io.locky.annotation.Locked;

import org.springframework.stereotype.Service;

/**
 * Prints articles, but none that somebody is editing.
 */
@Service
class Press {

	@Locked("article:#<id>")
	String publish(long id) {
		return "Article " + id + " is published.\n";
	}

}
