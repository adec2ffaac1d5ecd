package io.locky.web.internal.mvc;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.PresenceBody;
import io.locky.web.internal.endpoint.EndpointMessages.PresencePageBody;
import io.locky.web.internal.endpoint.EndpointMessages.PresentPeople;
import io.locky.web.internal.endpoint.PresenceEndpoint;
import jakarta.servlet.http.HttpServletRequest;

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

/**
 * The HTTP endpoints for presence in Spring MVC.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class PresenceMvcController extends EndpointErrors {

	private final PresenceEndpoint endpoint;

	private final MvcCallers callers;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param callers returns the caller of a request
	 */
	public PresenceMvcController(PresenceEndpoint endpoint, MvcCallers callers) {
		this.endpoint = endpoint;
		this.callers = callers;
	}

	@PostMapping("/presence/enter")
	ResponseEntity<PresentPeople> enter(HttpServletRequest request, @RequestBody PresenceBody body) {
		return EndpointMessages.json(this.endpoint.enter(this.callers.of(request), body));
	}

	@PostMapping("/presence/leave")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void leave(HttpServletRequest request, @RequestBody PresencePageBody body) {
		this.endpoint.leave(this.callers.of(request), body);
	}

	@PostMapping(path = "/presence/leave", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void leaveByBeacon(HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
		leave(request, PresencePageBody.ofForm(form));
	}

	@GetMapping("/presence")
	ResponseEntity<PresentPeople> people(HttpServletRequest request) {
		return EndpointMessages.json(this.endpoint.people(this.callers.of(request), request.getQueryString()));
	}

}
