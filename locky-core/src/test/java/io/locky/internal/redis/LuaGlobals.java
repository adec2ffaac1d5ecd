package io.locky.internal.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Finds the names in a Lua script that are neither declared where they are used nor
 * globals of Redis. Redis itself finds such a name only when the line runs.
 */
final class LuaGlobals {

	private static final Set<String> KNOWN = Set.of("KEYS", "ARGV", "redis", "cjson", "string", "table", "math",
			"tonumber", "tostring", "type", "pcall", "ipairs", "pairs", "unpack");

	private static final Set<String> KEYWORDS = Set.of("and", "break", "false", "if", "in", "nil", "not", "or",
			"return", "true", "while");

	private static final Map<String, Integer> BRACES = Map.of("{", 1, "}", -1);

	/** A comment, a text, a name, a number, an operator. */
	private static final Pattern TOKEN = Pattern
		.compile("--[^\n]*|'(?:\\\\.|[^'\\\\])*'|\"(?:\\\\.|[^\"\\\\])*\"|[A-Za-z_]\\w*|\\d\\w*|\\.{2,3}|[=~<>]=|\\S");

	private final List<String> tokens;

	private final Deque<Set<String>> scopes = new ArrayDeque<>();

	private final Set<String> undeclared = new TreeSet<>();

	private int at;

	private int braces;

	private LuaGlobals(String script) {
		this.tokens = TOKEN.matcher(script)
			.results()
			.map(MatchResult::group)
			.filter((token) -> !token.startsWith("--"))
			.toList();
	}

	/**
	 * Reads a script.
	 * @param script the script, with its prelude
	 * @return the undeclared names
	 */
	static Set<String> undeclared(String script) {
		LuaGlobals globals = new LuaGlobals(script);
		globals.scopes.push(new HashSet<>());
		while (globals.at < globals.tokens.size()) {
			globals.readStatement();
		}
		return globals.undeclared;
	}

	private void readStatement() {
		String token = this.tokens.get(this.at++);
		switch (token) {
			case "local" -> readLocal();
			case "function" -> readFunction();
			case "for" -> readFor();
			case "do", "then", "repeat" -> this.scopes.push(new HashSet<>());
			case "else" -> {
				this.scopes.pop();
				this.scopes.push(new HashSet<>());
			}
			case "elseif", "end", "until" -> this.scopes.pop();
			default -> readExpression(token);
		}
	}

	private void readLocal() {
		if (token(0).equals("function")) {
			this.scopes.element().add(token(1));
			this.at += 2;
			readFunction();
		}
		else {
			this.scopes.element().addAll(readNames());
		}
	}

	/** Reads the parameters, which are declared in the body. */
	private void readFunction() {
		while (!token(0).equals("(")) {
			readStatement();
		}
		this.at++;
		this.scopes.push(new HashSet<>(readNames()));
	}

	private void readFor() {
		List<String> names = readNames();
		while (!token(0).equals("do")) {
			readStatement();
		}
		this.at++;
		this.scopes.push(new HashSet<>(names));
	}

	private List<String> readNames() {
		List<String> names = new ArrayList<>();
		boolean more = isName(token(0));
		while (more) {
			names.add(token(0));
			more = token(1).equals(",");
			this.at += more ? 2 : 1;
		}
		return names;
	}

	private void readExpression(String token) {
		this.braces += BRACES.getOrDefault(token, 0);
		boolean field = List.of(".", ":").contains(token(-2)) || (this.braces > 0 && token(0).equals("="));
		if (isName(token) && !field && !KNOWN.contains(token)
				&& this.scopes.stream().noneMatch((scope) -> scope.contains(token))) {
			this.undeclared.add(token);
		}
	}

	private static boolean isName(String token) {
		return token.matches("[A-Za-z_]\\w*") && !KEYWORDS.contains(token);
	}

	/** A token before or behind those that were read. */
	private String token(int offset) {
		int place = this.at + offset;
		return (place >= 0 && place < this.tokens.size()) ? this.tokens.get(place) : "";
	}

}
