package io.locky.web.internal.webflux;

import java.nio.charset.StandardCharsets;

import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointProblem;
import io.locky.web.internal.endpoint.EndpointSettings;
import io.locky.web.internal.endpoint.FormFields;
import io.locky.web.internal.endpoint.RequestCheck;
import io.locky.web.internal.endpoint.RequestCheck.Endpoint;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Refuses malformed requests to the endpoints before other filters fail at them. It also
 * reads forms, because a filter fails that asks a malformed form for a field.
 */
public final class LockRequestWebFilter implements WebFilter, Ordered {

	/** After the filters that observe requests. */
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	private final RequestCheck check;

	private final EndpointSettings settings;

	/**
	 * Creates the filter.
	 * @param check checks the requests
	 * @param settings how long a form may be
	 */
	public LockRequestWebFilter(RequestCheck check, EndpointSettings settings) {
		this.check = check;
		this.settings = settings;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		Endpoint endpoint = this.check.endpoint(request.getPath().pathWithinApplication());
		if (endpoint == null) {
			return chain.filter(exchange);
		}
		String method = request.getMethod().name();
		EndpointProblem problem = RequestCheck.check(endpoint, method, request.getHeaders(),
				request.getURI().getRawQuery());
		if (problem != null) {
			return write(problem, exchange.getResponse());
		}
		return RequestCheck.isForm(endpoint, method, request.getHeaders()) ? filterForm(exchange, chain)
				: chain.filter(exchange);
	}

	private Mono<Void> filterForm(ServerWebExchange exchange, WebFilterChain chain) {
		return form(exchange).map((form) -> chain.filter(new FormExchange(exchange, form)))
			.onErrorResume(EndpointProblem.class, (ex) -> Mono.just(write(ex, exchange.getResponse())))
			.flatMap((result) -> result);
	}

	private Mono<MultiValueMap<String, String>> form(ServerWebExchange exchange) {
		return RequestBodies.bytes(exchange, this.settings.mostBytes(GrantBody.class))
			.map((bytes) -> FormFields.read(new String(bytes, StandardCharsets.UTF_8)))
			.switchIfEmpty(Mono.fromSupplier(() -> FormFields.read(null)));
	}

	private static Mono<Void> write(EndpointProblem problem, ServerHttpResponse response) {
		response.setStatusCode(problem.getStatusCode());
		response.getHeaders().addAll(problem.getHeaders());
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(problem.toJson())));
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	/** An exchange whose form was read already. */
	private static final class FormExchange extends ServerWebExchangeDecorator {

		private final MultiValueMap<String, String> form;

		FormExchange(ServerWebExchange exchange, MultiValueMap<String, String> form) {
			super(exchange);
			this.form = form;
		}

		@Override
		public Mono<MultiValueMap<String, String>> getFormData() {
			return Mono.just(this.form);
		}

	}

}
