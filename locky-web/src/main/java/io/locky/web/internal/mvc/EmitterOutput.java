package io.locky.web.internal.mvc;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.locky.web.internal.endpoint.LockStream;
import io.locky.web.internal.endpoint.StreamEvent;
import io.locky.web.internal.endpoint.StreamThreads;

import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/**
 * Writes a live stream to a servlet response. The writing thread waits for a slow client.
 */
final class EmitterOutput implements LockStream.Output {

	private final SseEmitter emitter;

	EmitterOutput(SseEmitter emitter) {
		this.emitter = emitter;
	}

	/**
	 * Creates the threads that write. Their number is limited only by that of the
	 * streams: in a bounded pool, a few slow clients would block all others. A thread
	 * ends when it has nothing to write.
	 * @return runs the writes
	 */
	static ExecutorService threads() {
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				StreamThreads.named("locky-stream-"));
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
		try {
			this.emitter.complete();
		}
		catch (IllegalStateException ex) {
			// The client is gone: the container reported that first, and ended the
			// response when its listeners returned.
		}
	}

}
