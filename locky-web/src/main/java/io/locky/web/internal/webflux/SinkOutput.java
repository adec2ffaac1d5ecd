package io.locky.web.internal.webflux;

import java.time.Duration;

import io.locky.web.internal.endpoint.LockStream;
import io.locky.web.internal.endpoint.StreamEvent;
import reactor.core.publisher.FluxSink;

import org.springframework.http.codec.ServerSentEvent;

/**
 * Writes a live stream to a reactive response, as fast as the subscriber requests events.
 */
final class SinkOutput implements LockStream.Output {

	private final FluxSink<ServerSentEvent<?>> sink;

	SinkOutput(FluxSink<ServerSentEvent<?>> sink) {
		this.sink = sink;
	}

	@Override
	public boolean isReady() {
		return this.sink.requestedFromDownstream() > 0;
	}

	@Override
	public void send(StreamEvent event) {
		ServerSentEvent.Builder<Object> message = ServerSentEvent.<Object>builder(event.data()).event(event.name());
		if (event.isReady()) {
			message.retry(Duration.ofMillis(StreamEvent.RETRY));
		}
		this.sink.next(message.build());
	}

	@Override
	public void end() {
		this.sink.complete();
	}

}
