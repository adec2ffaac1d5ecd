package io.locky.faults.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import tools.jackson.databind.json.JsonMapper;

/**
 * The main class of an application process. It obeys the lines of its standard input, one
 * answer for each, and ends with it.
 */
final class AppMain {

	private AppMain() {
	}

	public static void main(String[] args) throws IOException {
		PrintStream answers = System.out;
		System.setOut(System.err);
		AppConfig config = JsonMapper.shared().readValue(args[0], AppConfig.class);
		App app = new App(config);
		answers.println("ready");
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = commands.readLine(); line != null; line = commands.readLine()) {
			answers.println(answer(app, line));
		}
		Runtime.getRuntime().halt(0);
	}

	private static String answer(App app, String line) {
		try {
			return app.obey(line.split(" "));
		}
		catch (RuntimeException ex) {
			ex.printStackTrace();
			return "failed " + ex;
		}
	}

}
