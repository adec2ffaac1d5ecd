package io.locky.annotation;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

class TextTemplateTests {

	private static final List<String> NAMES = List.of("id", "article", "desk", "nothing", "tags");

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
			""")
	void valueThatIsNoNameIsRefused(String text, String why) {
		assertThat(catchThrowable(() -> resolve(text))).hasMessageContaining(why);
	}

	@Test
	void parametersAreFound() {
		assertThat(TextTemplate.parse("#a:#<b.c>:#{#d.e(f, #g) + tags.?[h == #i] + #root.j + {k}}").parameters())
			.containsExactly("a", "b", "d", "f", "g", "i", "k", "tags");
	}

	private static String resolve(String text) {
		return TextTemplate.parse(text)
			.resolve(TextTemplate.context(NAMES,
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
