package io.locky.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * An advice of the application, with no order and for all exceptions. It must come first
 * all the same.
 */
@RestControllerAdvice
class OwnAdvice {

	@ExceptionHandler
	ResponseEntity<String> handle(RuntimeException ex) {
		return ResponseEntity.status(HttpStatus.PAYMENT_REQUIRED).body(ex.getMessage());
	}

}
