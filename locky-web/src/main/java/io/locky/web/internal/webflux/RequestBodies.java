package io.locky.web.internal.webflux;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.web.internal.endpoint.EndpointProblem;
import io.locky.web.internal.endpoint.EndpointSettings;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.core.codec.Decoder;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.codec.DecoderHttpMessageReader;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.ServerWebExchange;

/**
 * Reads bodies with a limit of their own: that of the codecs is the same for all
 * requests.
 */
final class RequestBodies {

	private final ServerCodecConfigurer codecs;

	private final EndpointSettings settings;

	RequestBodies(ServerCodecConfigurer codecs, EndpointSettings settings) {
		this.codecs = codecs;
		this.settings = settings;
	}

	/**
	 * Reads a body.
	 * @param exchange the request
	 * @param most how many bytes it may have
	 * @return its bytes, empty if there are none
	 */
	static Mono<byte[]> bytes(ServerWebExchange exchange, int most) {
		if (exchange.getRequest().getHeaders().getContentLength() > most) {
			return Mono.error(EndpointProblem::tooLarge);
		}
		AtomicLong length = new AtomicLong();
		Flux<DataBuffer> parts = exchange.getRequest()
			.getBody()
			.takeUntil((part) -> length.addAndGet(part.readableByteCount()) > most);
		return DataBufferUtils.join(parts).map((buffer) -> {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			DataBufferUtils.release(buffer);
			return bytes;
		}).filter((bytes) -> {
			if (bytes.length > most) {
				throw EndpointProblem.tooLarge();
			}
			return true;
		});
	}

	<T> Mono<T> read(ServerWebExchange exchange, Class<T> type) {
		return bytes(exchange, this.settings.mostBytes(type)).map((bytes) -> decode(exchange, bytes, type))
			.onErrorMap(DecodingException.class, (ex) -> EndpointProblem.unreadable())
			.switchIfEmpty(Mono.error(EndpointProblem::unreadable));
	}

	private <T> T decode(ServerWebExchange exchange, byte[] bytes, Class<T> type) {
		DataBuffer buffer = exchange.getResponse().bufferFactory().wrap(bytes);
		T body = decoder(type).decode(buffer, ResolvableType.forClass(type), MediaType.APPLICATION_JSON, Map.of());
		if (body == null) {
			throw EndpointProblem.unreadable();
		}
		return body;
	}

	@SuppressWarnings("unchecked")
	private <T> Decoder<T> decoder(Class<T> type) {
		ResolvableType resolvable = ResolvableType.forClass(type);
		return this.codecs.getReaders()
			.stream()
			.filter((reader) -> reader.canRead(resolvable, MediaType.APPLICATION_JSON))
			.filter(DecoderHttpMessageReader.class::isInstance)
			.map((reader) -> (Decoder<T>) ((DecoderHttpMessageReader<?>) reader).getDecoder())
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("There is no decoder for JSON"));
	}

}
