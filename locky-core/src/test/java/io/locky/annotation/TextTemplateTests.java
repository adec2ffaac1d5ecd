package io.locky.annotation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

import io.locky.LockNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

class TextTemplateTests {

	private static final List<String> NAMES = List.of("id", "article", "desk", "nothing", "tags");

	private static final List<String> HARD = List.of(":", "%", "3", "A", "a", "%3A", "/", "+", " ", "#", "ü", "é", "€",
			"\uD83D\uDD12", "-", "~", "\n", "\u0000", "١", "１");

	private static final UUID UNIQUE = UUID.fromString("00000000-0000-0000-0000-000000000012");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			article:12                    | article:12
			article:#<id>                 | article:12
			article:#<#id>                | article:12
			article:#{id}                 | article:12
			article:#{#id + 1}            | article:13
			article:#id                   | article:12
			article:#id:draft             | article:12:draft
			article:#article.slug         | article:tea
			article:#<article.slug>.txt   | article:tea.txt
			#desk/#article.slug           | SPORT/tea
			#{article.id}                 | 00000000-0000-0000-0000-000000000012
			#{article.slug.toUpperCase()} | TEA
			#{id > 5 ? 'big' : 'small'}   | big
			#{{1, 2}.size()}              | 2
			#{'}'}                        | }
			channel ##1                   | channel #1
			###id                         | #12
			#{tags[0]}                    | a
			#{tags.?[#this != 'a'][0]}    | b
			#{article?.slug}              | tea
			#<escape(id)>:#<escape(#id)>  | 12:12
			#{escape(article.slug + ':')} | tea%3A
			#{escape(desk)}               | SPORT
			#{article.slug.concat(escape('/'))} | tea%2F
			#{tags.![concat(length())][1]} | b1
			""")
	void placeholdersAreReplaced(String text, String resource) {
		assertThat(resolve(text)).isEqualTo(resource);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			article:#         | write '##'
			article:#-        | write '##'
			article:#<id      | never closed
			article:#{id      | never closed
			article:#<>       | not a SpEL expression
			article:#{1 +}    | not a SpEL expression
			#<escpe(id)>      | there is no function 'escpe', only 'escape'
			#{1 + values()}   | there is no function 'values', only 'escape'
			''                | must not be empty
			""")
	void textWithASyntaxErrorIsRefused(String text, String why) {
		assertThatIllegalArgumentException().isThrownBy(() -> TextTemplate.parse(text)).withMessageContaining(why);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			a:#nothing            | the value of #nothing' must not be null
			a:#{''}               | the value of #{''}' must not be blank
			a:#article            | the value of #article' must be a text
			a:#{#article.missing} | missing
			a:#{T(System).exit(0)} | T
			a:#<escape(nothing)>  | value' must not be null
			a:#{escape(' ')}      | value' must not be blank
			a:#<escape(article)>  | value' must be a text
			""")
	void valueThatIsNoNameIsRefused(String text, String why) {
		assertThat(catchThrowable(() -> resolve(text))).hasMessageContaining(why);
	}

	@Test
	void parametersAreFound() {
		assertThat(TextTemplate.parse("#a:#<b.c>:#{#d.e(f, #g) + tags.?[h == #i] + #root.j + {k}}").parameters())
			.containsExactly("a", "b", "d", "f", "g", "i", "k", "tags");
	}

	@Test
	void escapedValuesNeverNameTheLockOfOthers() {
		TextTemplate plain = TextTemplate.parse("pair:#<a>:#<b>");
		TextTemplate escaped = TextTemplate.parse("pair:#<escape(a)>:#<escape(b)>");
		assertThat(pair(plain, "1:2", "3")).isEqualTo(pair(plain, "1", "2:3"));
		Random random = new Random(20260304);
		for (int i = 0; i < 20_000; i++) {
			String a = randomText(random);
			String b = randomText(random);
			String name = pair(escaped, a, b);
			assertThat(name).isEqualTo("pair:" + LockNames.escape(a) + ":" + LockNames.escape(b));
			// The name gives back both values: so no other pair has it.
			assertThat(name.split(":")).hasSize(3)
				.extracting((part) -> URLDecoder.decode(part, StandardCharsets.UTF_8))
				.containsExactly("pair", a, b);
		}
	}

	private static String pair(TextTemplate template, String a, String b) {
		return template.resolve(new CallArguments(List.of("a", "b"), new Object[] { a, b }));
	}

	/** Text that is hard to distinguish: separators, codes, letters outside of ASCII. */
	private static String randomText(Random random) {
		String text;
		do {
			text = random.ints(1 + random.nextInt(6), 0, HARD.size()).mapToObj(HARD::get).collect(Collectors.joining());
		}
		while (text.isBlank());
		return text;
	}

	private static String resolve(String text) {
		return TextTemplate.parse(text)
			.resolve(new CallArguments(NAMES,
					new Object[] { 12, new Article(UNIQUE, "tea"), Desk.SPORT, null, List.of("a", "b") }));
	}

	record Article(UUID id, String slug) {

		public UUID getId() {
			return this.id;
		}

		public String getSlug() {
			return this.slug;
		}

	}

	enum Desk {

		SPORT

	}

}
