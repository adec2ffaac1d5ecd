package io.locky.web.internal.endpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Reads the fields of a form or a query. Unlike those of the web frameworks, it neither
 * splits a value nor drops or replaces what it cannot read.
 */
public final class FormFields {

	private FormFields() {
	}

	/**
	 * Reads the fields.
	 * @param text names and values, encoded as in a form, or {@code null} for none
	 * @return the values by their names; the value of a name without '=' is empty
	 * @throws EndpointProblem if the text is malformed, or is no UTF-8
	 */
	public static MultiValueMap<String, String> read(@Nullable String text) {
		MultiValueMap<String, String> fields = new LinkedMultiValueMap<>();
		if (text == null) {
			return fields;
		}
		for (String field : text.split("&")) {
			int end = field.indexOf('=');
			if (!field.isEmpty()) {
				fields.add(decode((end < 0) ? field : field.substring(0, end)),
						(end < 0) ? "" : decode(field.substring(end + 1)));
			}
		}
		return fields;
	}

	static boolean isForm(String text) {
		try {
			read(text);
			return true;
		}
		catch (EndpointProblem ex) {
			return false;
		}
	}

	/**
	 * Returns the value of a field that a request has once.
	 * @param fields the fields
	 * @param name the name of the field
	 * @return the value, or {@code null} if there is none
	 * @throws EndpointProblem if there are several
	 */
	static @Nullable String single(MultiValueMap<String, String> fields, String name) {
		List<String> values = fields.getOrDefault(name, List.of());
		if (values.size() > 1) {
			throw EndpointProblem.invalid("'%s' can be given once, not %d times.".formatted(name, values.size()));
		}
		return values.isEmpty() ? null : values.get(0);
	}

	private static String decode(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
		for (int i = 0; i < bytes.length; i++) {
			if (bytes[i] == '%') {
				decoded.write(octet(bytes, i));
				i += 2;
			}
			else {
				decoded.write((bytes[i] == '+') ? ' ' : bytes[i]);
			}
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded.toByteArray())).toString();
		}
		catch (CharacterCodingException ex) {
			throw EndpointProblem.unreadable();
		}
	}

	private static int octet(byte[] bytes, int start) {
		int high = (start + 2 < bytes.length) ? Character.digit(bytes[start + 1], 16) : -1;
		int low = (start + 2 < bytes.length) ? Character.digit(bytes[start + 2], 16) : -1;
		if (high < 0 || low < 0) {
			throw EndpointProblem.unreadable();
		}
		return high * 16 + low;
	}

}
