package io.locky.web.internal.mvc;

import io.locky.web.internal.endpoint.EndpointErrors;
import jakarta.servlet.ServletException;

import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers to what only Spring MVC throws, for example for a missing parameter or a media
 * type that it cannot read.
 */
abstract class ServletErrors extends EndpointErrors {

	@ExceptionHandler
	ErrorResponse refused(ServletException ex) throws ServletException {
		if (ex instanceof ErrorResponse answer) {
			return of(answer.getStatusCode());
		}
		throw ex;
	}

}
