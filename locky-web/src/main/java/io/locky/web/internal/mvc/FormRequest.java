package io.locky.web.internal.mvc;

import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.locky.web.internal.endpoint.FormFields;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.util.MultiValueMap;

/**
 * A request whose parameters are the fields of its form, which was read already.
 */
final class FormRequest extends HttpServletRequestWrapper {

	private final MultiValueMap<String, String> fields;

	FormRequest(HttpServletRequest request, String form) {
		super(request);
		this.fields = FormFields.read(form);
	}

	@Override
	public @Nullable String getParameter(String name) {
		return this.fields.getFirst(name);
	}

	@Override
	public String @Nullable [] getParameterValues(String name) {
		List<String> values = this.fields.get(name);
		return (values != null) ? values.toArray(String[]::new) : null;
	}

	@Override
	public Enumeration<String> getParameterNames() {
		return Collections.enumeration(this.fields.keySet());
	}

	@Override
	public Map<String, String[]> getParameterMap() {
		Map<String, String[]> map = new LinkedHashMap<>();
		this.fields.forEach((name, values) -> map.put(name, values.toArray(String[]::new)));
		return map;
	}

}
