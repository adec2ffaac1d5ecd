package io.locky.web.internal.mvc;

import java.util.List;
import java.util.concurrent.ExecutorService;

import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.AcquireBody;
import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointMessages.HeartbeatBody;
import io.locky.web.internal.endpoint.EndpointMessages.LockGrant;
import io.locky.web.internal.endpoint.EndpointMessages.LockLease;
import io.locky.web.internal.endpoint.EndpointMessages.LockState;
import io.locky.web.internal.endpoint.EndpointMessages.LockStates;
import io.locky.web.internal.endpoint.EndpointMessages.QueryBody;
import io.locky.web.internal.endpoint.EndpointMessages.TakeoverBody;
import io.locky.web.internal.endpoint.EndpointMessages.WatchBody;
import io.locky.web.internal.endpoint.FormFields;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockSessions;
import io.locky.web.internal.endpoint.LockStream;
import io.locky.web.internal.endpoint.LockStreams;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The HTTP endpoints for locks in Spring MVC. Every answer has its type set, so that the
 * framework has nothing to refuse after the operation.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class LockMvcController extends EndpointErrors implements DisposableBean {

	private final LockEndpoint endpoint;

	private final LockStreams streams;

	private final MvcCallers callers;

	private final SessionGrants sessions;

	private final ExecutorService streamThreads = EmitterOutput.threads();

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param streams the live streams
	 * @param callers returns the caller of a request
	 * @param sessions ends what belongs to a session
	 */
	public LockMvcController(LockEndpoint endpoint, LockStreams streams, MvcCallers callers, LockSessions sessions) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.callers = callers;
		this.sessions = new SessionGrants(sessions);
	}

	@PostMapping("/locks/acquire")
	ResponseEntity<LockGrant> acquire(HttpServletRequest request, @RequestBody AcquireBody body) {
		return granted(request, Completed.result(this.endpoint.acquire(caller(request), body)));
	}

	@PostMapping("/locks/heartbeat")
	ResponseEntity<Object> heartbeat(HttpServletRequest request, @RequestBody HeartbeatBody body) {
		LockCaller caller = caller(request);
		LockLease lease = Completed.result(this.endpoint.heartbeat(caller, body));
		this.sessions.add(request, lease.resource(), caller.locker(), lease.fence());
		return EndpointMessages.json(this.endpoint.answer(caller, lease));
	}

	@PostMapping("/locks/release")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void release(HttpServletRequest request, @RequestBody GrantBody body) {
		Completed.result(this.endpoint.release(caller(request), body));
		this.sessions.remove(request, body);
	}

	@PostMapping(path = "/locks/release", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void releaseByBeacon(HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
		release(request, EndpointMessages.ofForm(form));
	}

	@PostMapping("/locks/takeover")
	ResponseEntity<LockGrant> takeOver(HttpServletRequest request, @RequestBody TakeoverBody body) {
		return granted(request, Completed.result(this.endpoint.takeOver(caller(request), body)));
	}

	private ResponseEntity<LockGrant> granted(HttpServletRequest request, LockGrant grant) {
		this.sessions.add(request, grant.resource(), grant.locker(), grant.fence());
		return EndpointMessages.json(grant);
	}

	@GetMapping("/locks")
	ResponseEntity<LockState> state(HttpServletRequest request) {
		return EndpointMessages.json(Completed.result(this.endpoint.state(caller(request), request.getQueryString())));
	}

	@PostMapping("/locks/query")
	ResponseEntity<LockStates> states(HttpServletRequest request, @RequestBody QueryBody body) {
		return EndpointMessages.json(Completed.result(this.endpoint.states(caller(request), body)));
	}

	@GetMapping("/events")
	ResponseEntity<SseEmitter> events(HttpServletRequest request) {
		return stream(request, FormFields.read(request.getQueryString()).get("resource"));
	}

	@PostMapping("/events")
	ResponseEntity<SseEmitter> watch(HttpServletRequest request, @RequestBody WatchBody body) {
		return stream(request, body.resources());
	}

	private ResponseEntity<SseEmitter> stream(HttpServletRequest request, @Nullable List<@Nullable String> resources) {
		HttpSession session = request.getSession(false);
		LockStream stream = this.streams.open(caller(request), (session != null) ? session.getId() : null, resources,
				this.streamThreads);
		SseEmitter emitter = new SseEmitter(0L);
		emitter.onCompletion(stream::completed);
		emitter.onError((error) -> stream.close());
		stream.writeTo(new EmitterOutput(emitter));
		return ResponseEntity.ok()
			.cacheControl(CacheControl.noStore())
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.header("X-Accel-Buffering", "no")
			.body(emitter);
	}

	private LockCaller caller(HttpServletRequest request) {
		return this.callers.of(request);
	}

	@Override
	public void destroy() {
		this.streamThreads.shutdown();
	}

}
