package io.locky.web.internal.mvc;

import java.io.IOException;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.AcquireBody;
import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointMessages.LockGrant;
import io.locky.web.internal.endpoint.EndpointMessages.LockLease;
import io.locky.web.internal.endpoint.EndpointMessages.LockState;
import io.locky.web.internal.endpoint.EndpointMessages.LockStates;
import io.locky.web.internal.endpoint.EndpointMessages.QueryBody;
import io.locky.web.internal.endpoint.EndpointMessages.TakeoverBody;
import io.locky.web.internal.endpoint.EndpointMessages.WatchBody;
import io.locky.web.internal.endpoint.FormFields;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockStream;
import io.locky.web.internal.endpoint.LockStreams;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The HTTP endpoints for locks in Spring MVC. Every answer has its type set, so that the
 * framework has nothing to refuse after the operation.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class LockMvcController extends EndpointErrors implements DisposableBean {

	private final LockEndpoint endpoint;

	private final LockStreams streams;

	private final @Nullable LockerResolver lockers;

	private final Supplier<List<HttpMessageConverter<?>>> converters;

	private final ExecutorService streamThreads = ServletOutput.threads();

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param streams the live streams
	 * @param lockers returns the locker of a request, or {@code null} if there is none
	 * @param converters write JSON
	 */
	public LockMvcController(LockEndpoint endpoint, LockStreams streams, @Nullable LockerResolver lockers,
			Supplier<List<HttpMessageConverter<?>>> converters) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.lockers = lockers;
		this.converters = converters;
	}

	@PostMapping("/locks/acquire")
	ResponseEntity<LockGrant> acquire(@Nullable Principal principal, @RequestBody AcquireBody body) {
		return EndpointMessages.json(this.endpoint.acquire(caller(principal), body));
	}

	@PostMapping("/locks/heartbeat")
	ResponseEntity<LockLease> heartbeat(@Nullable Principal principal, @RequestBody GrantBody body) {
		return EndpointMessages.json(this.endpoint.heartbeat(caller(principal), body));
	}

	@PostMapping("/locks/release")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void release(@Nullable Principal principal, @RequestBody GrantBody body) {
		this.endpoint.release(caller(principal), body);
	}

	@PostMapping(path = "/locks/release", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void releaseByBeacon(@Nullable Principal principal, @RequestParam MultiValueMap<String, String> form) {
		this.endpoint.release(caller(principal), EndpointMessages.ofForm(form));
	}

	@PostMapping("/locks/takeover")
	ResponseEntity<LockGrant> takeOver(@Nullable Principal principal, @RequestBody TakeoverBody body) {
		return EndpointMessages.json(this.endpoint.takeOver(caller(principal), body));
	}

	@GetMapping("/locks")
	ResponseEntity<LockState> state(@Nullable Principal principal, HttpServletRequest request) {
		return EndpointMessages.json(this.endpoint.state(caller(principal), request.getQueryString()));
	}

	@PostMapping("/locks/query")
	ResponseEntity<LockStates> states(@Nullable Principal principal, @RequestBody QueryBody body) {
		return EndpointMessages.json(this.endpoint.states(caller(principal), body));
	}

	@GetMapping("/events")
	void events(@Nullable Principal principal, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		List<String> resources = FormFields.read(request.getQueryString()).get("resource");
		stream(request, response, caller(principal), resources);
	}

	@PostMapping("/events")
	void watch(@Nullable Principal principal, @RequestBody WatchBody body, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		stream(request, response, caller(principal), body.resources());
	}

	private void stream(HttpServletRequest request, HttpServletResponse response, LockCaller caller,
			@Nullable List<@Nullable String> resources) throws IOException {
		LockStream stream = this.streams.open(caller, resources, this.streamThreads);
		ServletOutput.begin(request, response, stream, converter());
	}

	@SuppressWarnings("unchecked")
	private HttpMessageConverter<Object> converter() {
		return this.converters.get()
			.stream()
			.filter((converter) -> converter.canWrite(Map.class, MediaType.APPLICATION_JSON))
			.map((converter) -> (HttpMessageConverter<Object>) converter)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("There is no converter that writes JSON"));
	}

	private LockCaller caller(@Nullable Principal principal) {
		return LockEndpoint.caller((this.lockers != null) ? this.lockers.resolveLocker() : null, principal);
	}

	@Override
	public void destroy() {
		this.streamThreads.shutdown();
	}

}
