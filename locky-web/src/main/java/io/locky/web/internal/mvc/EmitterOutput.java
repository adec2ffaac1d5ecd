package io.locky.web.internal.mvc;

import java.io.IOException;

import io.locky.web.internal.endpoint.StreamEvent;
import io.locky.web.internal.endpoint.StreamOutput;

import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Writes a live stream to a servlet. The thread waits for a slow reader.
 */
final class EmitterOutput implements StreamOutput {

	private final SseEmitter emitter;

	EmitterOutput(SseEmitter emitter) {
		this.emitter = emitter;
	}

	@Override
	public boolean isReady() {
		return true;
	}

	@Override
	public void send(StreamEvent event) throws IOException {
		SseEventBuilder message = SseEmitter.event();
		if (event.isReady()) {
			message.reconnectTime(StreamEvent.RETRY);
		}
		this.emitter.send(message.name(event.name()).data(event.data(), MediaType.APPLICATION_JSON));
	}

	@Override
	public void end() {
		this.emitter.complete();
	}

}
