package io.locky.web.internal.mvc;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.LockHolds;
import io.locky.web.internal.endpoint.HistoryEndpoint;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The history of locks in Spring MVC.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class HistoryMvcController extends EndpointErrors {

	private final HistoryEndpoint endpoint;

	private final MvcCallers callers;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param callers returns the caller of a request
	 */
	public HistoryMvcController(HistoryEndpoint endpoint, MvcCallers callers) {
		this.endpoint = endpoint;
		this.callers = callers;
	}

	@GetMapping("/history")
	ResponseEntity<LockHolds> history(HttpServletRequest request) {
		return EndpointMessages.json(this.endpoint.history(this.callers.of(request), request.getQueryString()));
	}

}
