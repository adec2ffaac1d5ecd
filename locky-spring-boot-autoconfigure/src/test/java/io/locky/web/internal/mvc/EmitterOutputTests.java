package io.locky.web.internal.mvc;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

class EmitterOutputTests {

	@Test
	void endAfterTheContainerEndedTheResponseIsIgnored() {
		AtomicInteger ends = new AtomicInteger();
		SseEmitter gone = new SseEmitter() {
			@Override
			public void complete() {
				ends.incrementAndGet();
				throw new IllegalStateException("AsyncListener.onError() has returned");
			}
		};
		new EmitterOutput(gone).end();
		assertThat(ends).hasValue(1);
	}

}
