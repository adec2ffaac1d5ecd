package io.locky.web.internal.mvc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointProblem;
import io.locky.web.internal.endpoint.EndpointSettings;
import io.locky.web.internal.endpoint.FormFields;
import io.locky.web.internal.endpoint.RequestCheck;
import io.locky.web.internal.endpoint.RequestCheck.Endpoint;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Refuses malformed requests to the endpoints before other filters fail at them. It also
 * reads forms, because a container fails when a filter asks a malformed form for a
 * parameter.
 */
public final class LockRequestFilter implements Filter, Ordered {

	/** After the filters that set the encoding and observe requests. */
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	private final RequestCheck check;

	private final EndpointSettings settings;

	/**
	 * Creates the filter.
	 * @param check checks the requests
	 * @param settings how long a form may be
	 */
	public LockRequestFilter(RequestCheck check, EndpointSettings settings) {
		this.check = check;
		this.settings = settings;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		HttpServletRequest http = (HttpServletRequest) request;
		Endpoint endpoint = this.check.endpoint(ServletRequestPathUtils.parse(http).pathWithinApplication());
		if (endpoint == null) {
			chain.doFilter(request, response);
			return;
		}
		try {
			chain.doFilter(checked(http, endpoint), response);
		}
		catch (EndpointProblem ex) {
			write(ex, (HttpServletResponse) response);
		}
	}

	private HttpServletRequest checked(HttpServletRequest request, Endpoint endpoint) throws IOException {
		HttpHeaders headers = new ServletServerHttpRequest(request).getHeaders();
		EndpointProblem problem = RequestCheck.check(endpoint, request.getMethod(), headers, request.getQueryString());
		if (problem != null) {
			throw problem;
		}
		return RequestCheck.isForm(endpoint, request.getMethod(), headers) ? new FormRequest(request, form(request))
				: request;
	}

	private String form(HttpServletRequest request) throws IOException {
		int most = this.settings.mostBytes(GrantBody.class);
		byte[] bytes = request.getInputStream().readNBytes(most + 1);
		if (bytes.length > most) {
			throw EndpointProblem.tooLarge();
		}
		String text = new String(bytes, StandardCharsets.UTF_8);
		FormFields.read(text);
		return text;
	}

	private static void write(EndpointProblem problem, HttpServletResponse response) throws IOException {
		response.setStatus(problem.getStatusCode().value());
		problem.getHeaders().forEach((name, values) -> values.forEach((value) -> response.addHeader(name, value)));
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.getOutputStream().write(problem.toJson());
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

}
