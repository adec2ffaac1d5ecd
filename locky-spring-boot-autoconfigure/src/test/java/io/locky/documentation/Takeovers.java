package io.locky.documentation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.event.LockTakenOverEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class Takeovers {

	private final List<String> seen = new CopyOnWriteArrayList<>();

	@EventListener
	void on(LockTakenOverEvent event) {
		this.seen.add(event.getLocker() + " took " + event.getResource() + " from " + event.getPreviousLocker());
	}

	List<String> seen() {
		return this.seen;
	}

}
