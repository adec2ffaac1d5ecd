package io.locky.web.internal.mvc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.locky.web.internal.endpoint.LockStream;
import io.locky.web.internal.endpoint.StreamEvent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Writes a live stream to a servlet response. The writing thread waits for a slow client.
 * <p>
 * The emitters of Spring end a response with a dispatch, which runs the filters again:
 * after a logout, Spring Security would deny it, too late and with errors in the log.
 */
final class ServletOutput implements LockStream.Output, AsyncListener {

	private final AsyncContext async;

	private final OutputStream body;

	private final LockStream stream;

	private final HttpMessageConverter<Object> json;

	private final AtomicBoolean ended = new AtomicBoolean();

	private ServletOutput(AsyncContext async, OutputStream body, LockStream stream, HttpMessageConverter<Object> json) {
		this.async = async;
		this.body = body;
		this.stream = stream;
		this.json = json;
	}

	/**
	 * Begins the response.
	 * @param request the request
	 * @param response the response
	 * @param stream what to write
	 * @param json writes data
	 * @throws IOException if the client is gone
	 */
	static void begin(HttpServletRequest request, HttpServletResponse response, LockStream stream,
			HttpMessageConverter<Object> json) throws IOException {
		response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		response.setHeader("X-Accel-Buffering", "no");
		ShallowEtagHeaderFilter.disableContentCaching(request);
		AsyncContext async = request.startAsync();
		async.setTimeout(0);
		ServletOutput output = new ServletOutput(async, response.getOutputStream(), stream, json);
		async.addListener(output);
		stream.writeTo(output);
	}

	/**
	 * Creates the threads that write. Their number is limited only by that of the
	 * streams: in a bounded pool, a few slow clients would block all others. A thread
	 * ends when it has nothing to write.
	 * @return runs the writes
	 */
	static ExecutorService threads() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("locky-stream-");
		threads.setDaemon(true);
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
	}

	@Override
	public boolean isReady() {
		return true;
	}

	@Override
	public void send(StreamEvent event) throws IOException {
		StringBuilder text = new StringBuilder();
		if (event.isReady()) {
			text.append("retry:").append(StreamEvent.RETRY).append('\n');
		}
		text.append("event:").append(event.name()).append("\ndata:");
		text.append(json(event.data()).replace("\n", "\ndata:")).append("\n\n");
		this.body.write(text.toString().getBytes(StandardCharsets.UTF_8));
		this.body.flush();
	}

	private String json(Map<String, ?> data) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		this.json.write(data, MediaType.APPLICATION_JSON, new BytesMessage(new HttpHeaders(), bytes));
		return bytes.toString(StandardCharsets.UTF_8).replace("\r", "");
	}

	@Override
	public void end() {
		if (this.ended.compareAndSet(false, true)) {
			try {
				this.async.complete();
			}
			catch (IllegalStateException ex) {
				// The container noticed first that the client is gone.
			}
		}
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.stream.close();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		this.stream.close();
	}

	/**
	 * Without a call of complete, the container would send the request to its error page.
	 */
	@Override
	public void onError(AsyncEvent event) {
		this.stream.close();
		end();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
	}

	/**
	 * Collects what a converter writes.
	 *
	 * @param headers not used
	 * @param bytes the bytes
	 */
	private record BytesMessage(HttpHeaders headers, ByteArrayOutputStream bytes) implements HttpOutputMessage {

		@Override
		public HttpHeaders getHeaders() {
			return this.headers;
		}

		@Override
		public OutputStream getBody() {
			return this.bytes;
		}

	}

}
