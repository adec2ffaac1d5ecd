package io.locky.web.internal.mvc;

import java.security.Principal;
import java.util.List;
import java.util.concurrent.Executor;

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
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockStream;
import io.locky.web.internal.endpoint.LockStreams;
import jakarta.servlet.ServletException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The HTTP endpoints for locks in Spring MVC.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class LockMvcController extends EndpointErrors {

	private final LockEndpoint endpoint;

	private final LockStreams streams;

	private final @Nullable LockerResolver lockers;

	private final Executor streamThreads = EmitterOutput.threads();

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param streams the live streams
	 * @param lockers returns the locker of a request, or {@code null} if there is none
	 */
	public LockMvcController(LockEndpoint endpoint, LockStreams streams, @Nullable LockerResolver lockers) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.lockers = lockers;
	}

	@PostMapping("/locks/acquire")
	LockGrant acquire(@Nullable Principal principal, @RequestBody AcquireBody body) {
		return this.endpoint.acquire(caller(principal), body);
	}

	@PostMapping("/locks/heartbeat")
	LockLease heartbeat(@Nullable Principal principal, @RequestBody GrantBody body) {
		return this.endpoint.heartbeat(caller(principal), body);
	}

	@PostMapping("/locks/release")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void release(@Nullable Principal principal, @RequestBody GrantBody body) {
		this.endpoint.release(caller(principal), body);
	}

	@PostMapping(path = "/locks/release", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void releaseByBeacon(@Nullable Principal principal, @RequestParam(required = false) @Nullable String resource,
			@RequestParam(required = false) @Nullable String fence) {
		this.endpoint.release(caller(principal), EndpointMessages.ofForm(resource, fence));
	}

	@PostMapping("/locks/takeover")
	LockGrant takeOver(@Nullable Principal principal, @RequestBody TakeoverBody body) {
		return this.endpoint.takeOver(caller(principal), body);
	}

	@GetMapping("/locks")
	ResponseEntity<LockState> state(@Nullable Principal principal, @RequestParam String resource) {
		return ResponseEntity.ok()
			.cacheControl(CacheControl.noStore())
			.body(this.endpoint.state(caller(principal), resource));
	}

	@PostMapping("/locks/query")
	LockStates states(@Nullable Principal principal, @RequestBody QueryBody body) {
		return this.endpoint.states(caller(principal), body);
	}

	@GetMapping("/events")
	ResponseEntity<SseEmitter> events(@Nullable Principal principal, @RequestParam("resource") String[] resource) {
		return stream(caller(principal), List.of(resource));
	}

	@PostMapping("/events")
	ResponseEntity<SseEmitter> watch(@Nullable Principal principal, @RequestBody WatchBody body) {
		return stream(caller(principal), body.resources());
	}

	private ResponseEntity<SseEmitter> stream(LockCaller caller, @Nullable List<@Nullable String> resources) {
		LockStream stream = this.streams.open(caller, resources, this.streamThreads);
		SseEmitter emitter = new SseEmitter(0L);
		emitter.onCompletion(stream::close);
		emitter.onError((error) -> stream.close());
		stream.writeTo(new EmitterOutput(emitter));
		return ResponseEntity.ok()
			.cacheControl(CacheControl.noStore())
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.header("X-Accel-Buffering", "no")
			.body(emitter);
	}

	/** For what only Spring MVC throws, for example for a missing parameter. */
	@ExceptionHandler
	ErrorResponse refused(ServletException ex) throws ServletException {
		if (ex instanceof ErrorResponse response) {
			return of(response.getStatusCode());
		}
		throw ex;
	}

	private LockCaller caller(@Nullable Principal principal) {
		return LockEndpoint.caller((this.lockers != null) ? this.lockers.resolveLocker() : null, principal);
	}

}
