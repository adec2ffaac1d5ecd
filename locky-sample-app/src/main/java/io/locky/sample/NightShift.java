package io.locky.sample;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Sends the edition to the press, on every instance at the same second. Nights are short
 * here: one every minute.
 */
@Component
class NightShift {

	private final Press press;

	NightShift(Press press) {
		this.press = press;
	}

	@Scheduled(cron = "${newsroom.press-time}")
	void print() {
		print(LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES).toString());
	}

	boolean print(String date) {
		return !this.press.isPrinted(date) && Boolean.TRUE.equals(this.press.publish(date));
	}

}
