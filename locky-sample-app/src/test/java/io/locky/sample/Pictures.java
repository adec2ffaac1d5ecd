package io.locky.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.locky.browser.Chromium;
import io.locky.browser.Page;

/**
 * Takes the pictures that the README shows, from the real page: see
 * {@code docs/pictures/take.sh}. With {@code all} as second argument, every state in
 * light, dark and narrow.
 */
final class Pictures {

	private final Path directory;

	private final boolean all;

	private Pictures(Path directory, boolean all) {
		this.directory = directory;
		this.all = all;
	}

	/**
	 * Takes the pictures.
	 * @param args the directory, and perhaps {@code all}
	 * @throws IOException if a picture cannot be written
	 */
	public static void main(String[] args) throws IOException {
		Pictures pictures = new Pictures(Files.createDirectories(Path.of(args[0])), args.length > 1);
		try (RunningNewsroom newsroom = RunningNewsroom.start("30s"); Chromium browser = Chromium.start()) {
			pictures.take(newsroom, browser);
		}
	}

	private void take(RunningNewsroom newsroom, Chromium browser) throws IOException {
		if (this.all) {
			Page login = browser.newUser();
			login.go(newsroom.url());
			login.sees("h1", "Who are you");
			take(login, "login", "light");
		}
		Person vera = Person.logsIn(browser, newsroom, "Vera");
		Person ines = Person.logsIn(browser, newsroom, "Ines").edits(1);
		newsroom.bean(NightShift.class).print("2026-11-24T03:00");
		Person tom = Person.logsIn(browser, newsroom, "Tom").edits(2);
		Person yuki = Person.logsIn(browser, newsroom, "Yuki").opens(1);
		Person list = vera.opensTab().seesList();
		list.seesHolder(1, "Ines");
		list.page().sees(".strip", "Tom opened");
		list.page().sees(".people", "Yuki");
		take(list.page(), "list", "light");
		ines.writes(
				"For eleven minutes on Monday the seven-forty to Skarholm stood at its pier, and nobody could say why.");
		take(ines.page(), "phone", "narrow");
		yuki.asks(1, "Only the headline, please");
		yuki.page().click("#wait");
		ines.page().sees("#asked-text", "Only the headline");
		take(ines.page(), "asked", "light");
		yuki.page().sees("#wait", "1st in line");
		take(yuki.page(), this.all ? "waiting" : "", "light");
		takeOver(newsroom, vera, ines);
		tom.page().click("#close");
		vera.page().click("#close");
		list.seesHolder(2, "");
		take(list.page(), this.all ? "free" : "", "light");
		yuki.page().sees("#offer-left", "Take it");
		take(yuki.page(), this.all ? "offer" : "", "light");
		if (this.all) {
			takeMore(newsroom, ines);
		}
	}

	private void takeOver(RunningNewsroom newsroom, Person vera, Person ines) throws IOException {
		vera.opens(1);
		vera.page().sees("#who", "Ines is editing.");
		vera.page().sees("#people", "Yuki");
		take(vera.page(), "reading", "dark");
		vera.page().click("#take");
		vera.page().type("We print in ten minutes");
		take(vera.page(), this.all ? "asking" : "", "light");
		vera.page().press("Enter", 13);
		ines.page().sees("#notice", "We print in ten minutes");
		ines.page().sees("#who", "Vera");
		ines.page().click("#compare");
		take(ines.page(), "taken-over", "light");
	}

	private void takeMore(RunningNewsroom newsroom, Person ines) throws IOException {
		ines.page().click("#details");
		ines.page().click("#holds summary");
		take(ines.page(), "details", "light");
		ines.page().go(newsroom.url() + "/article.html?id=99");
		ines.page().sees(".me", "Ines");
		take(ines.page(), "missing", "light");
	}

	private void take(Page page, String name, String look) throws IOException {
		if (name.isEmpty()) {
			return;
		}
		for (String each : this.all ? List.of("light", "dark", "narrow") : List.of(look)) {
			page.send("Emulation.setEmulatedMedia", Map.of("features",
					List.of(Map.of("name", "prefers-color-scheme", "value", "dark".equals(each) ? "dark" : "light"))));
			page.send("Emulation.setDeviceMetricsOverride", Map.of("width", "narrow".equals(each) ? 380 : 1120,
					"height", 720, "deviceScaleFactor", 1, "mobile", false));
			page.evaluate("scrollTo(0, 0)");
			page.evaluate("new Promise((done) => setTimeout(done, 700))");
			page.picture(this.directory.resolve(this.all ? name + "-" + each + ".png" : name + ".png"));
		}
	}

}
