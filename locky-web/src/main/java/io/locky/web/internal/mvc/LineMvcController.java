package io.locky.web.internal.mvc;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.LineBody;
import io.locky.web.internal.endpoint.EndpointMessages.PlacesInLine;
import io.locky.web.internal.endpoint.LineEndpoint;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The HTTP endpoints for lines in Spring MVC.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class LineMvcController extends EndpointErrors {

	private final LineEndpoint endpoint;

	private final MvcCallers callers;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param callers returns the caller of a request
	 */
	public LineMvcController(LineEndpoint endpoint, MvcCallers callers) {
		this.endpoint = endpoint;
		this.callers = callers;
	}

	@PostMapping("/line/join")
	ResponseEntity<PlacesInLine> join(HttpServletRequest request, @RequestBody LineBody body) {
		return EndpointMessages.json(this.endpoint.join(this.callers.of(request), body));
	}

	@PostMapping("/line/refresh")
	ResponseEntity<PlacesInLine> refresh(HttpServletRequest request, @RequestBody LineBody body) {
		return EndpointMessages.json(this.endpoint.refresh(this.callers.of(request), body));
	}

	@PostMapping("/line/leave")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void leave(HttpServletRequest request, @RequestBody LineBody body) {
		this.endpoint.leave(this.callers.of(request), body);
	}

	@GetMapping("/line")
	ResponseEntity<PlacesInLine> places(HttpServletRequest request) {
		return EndpointMessages.json(this.endpoint.places(this.callers.of(request), request.getQueryString()));
	}

}
