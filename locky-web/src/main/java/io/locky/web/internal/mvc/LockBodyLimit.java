package io.locky.web.internal.mvc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointProblem;
import io.locky.web.internal.endpoint.EndpointSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Limits the size of request bodies. Servlet containers do not limit JSON.
 */
@ControllerAdvice(assignableTypes = EndpointErrors.class)
public final class LockBodyLimit extends RequestBodyAdviceAdapter {

	private final EndpointSettings settings;

	/**
	 * Creates the limit.
	 * @param settings how long a body may be
	 */
	public LockBodyLimit(EndpointSettings settings) {
		this.settings = settings;
	}

	@Override
	public boolean supports(MethodParameter parameter, Type type,
			Class<? extends HttpMessageConverter<?>> converterType) {
		return EndpointErrors.class.isAssignableFrom(parameter.getContainingClass());
	}

	@Override
	public HttpInputMessage beforeBodyRead(HttpInputMessage message, MethodParameter parameter, Type type,
			Class<? extends HttpMessageConverter<?>> converterType) throws IOException {
		int most = this.settings.mostBytes(parameter.getParameterType());
		if (message.getHeaders().getContentLength() > most) {
			throw EndpointProblem.tooLarge();
		}
		return new LimitedMessage(message.getHeaders(), new LimitedStream(message.getBody(), most));
	}

	/**
	 * A message with a limited body.
	 *
	 * @param headers the headers
	 * @param body the body
	 */
	private record LimitedMessage(HttpHeaders headers, InputStream body) implements HttpInputMessage {

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public InputStream getBody() {
			return this.body;
		}

	}

	private static final class LimitedStream extends FilterInputStream {

		private int left;

		LimitedStream(@Nullable InputStream in, int most) {
			super(in);
			this.left = most;
		}

		@Override
		public int read() throws IOException {
			int value = super.read();
			count((value < 0) ? 0 : 1);
			return value;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			int read = super.read(buffer, offset, length);
			count(Math.max(0, read));
			return read;
		}

		private void count(int read) {
			this.left -= read;
			if (this.left < 0) {
				throw EndpointProblem.tooLarge();
			}
		}

	}

}
