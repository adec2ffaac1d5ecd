package io.locky.web.internal.webflux;

import java.time.Duration;

import io.locky.web.internal.endpoint.StreamEvent;
import io.locky.web.internal.endpoint.StreamOutput;
import reactor.core.publisher.FluxSink;

import org.springframework.http.codec.ServerSentEvent;

/**
 * Writes a live stream to a chain, as fast as it asks for more.
 */
final class SinkOutput implements StreamOutput {

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
