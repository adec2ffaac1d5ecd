package io.locky.autoconfigure;

import java.util.UUID;

import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class LiteralPlaceholderTests {

	private static final String WARNING = "is literal text";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.startup-check.enabled=false", "locky.prefix=test-" + UUID.randomUUID() + ":");

	@Test
	void textThatNamesAParameterWithoutAPlaceholderIsAWarning(CapturedOutput output) {
		this.contextRunner.withBean(Mistaken.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output)
			.contains("@Locked on io.locky.autoconfigure.LiteralPlaceholderTests$Mistaken.braces: "
					+ "'{id}' in \"a:{id}\" is literal text. If you mean the parameter 'id', write '#<id>'.")
			.contains("Mistaken.brackets: '<id>' in \"a:<id>\" is literal text")
			.contains("Mistaken.path: '{article.slug}' in \"a:{article.slug}:#id\" is literal text. "
					+ "If you mean the parameter 'article', write '#<article.slug>'.")
			.contains("Mistaken.note: '{id}' in \"Printing { id }\"".replace("'{id}'", "'{ id }'"))
			.contains("@RequiresLock on io.locky.autoconfigure.LiteralPlaceholderTests$Mistaken.required: '{id}'")
			.doesNotContain("\tat ");
		assertThat(output.toString().split(WARNING, -1)).hasSize(6);
	}

	@Test
	void otherTextIsNoWarning(CapturedOutput output) {
		this.contextRunner.withBean(Meant.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain(WARNING);
	}

	static class Mistaken {

		@Locked("a:{id}")
		void braces(long id) {
		}

		@Locked("a:<id>")
		void brackets(long id) {
		}

		@Locked("a:{article.slug}:#id")
		void path(String article, long id) {
		}

		@Locked(value = "a:#id", note = "Printing { id }")
		void note(long id) {
		}

		@RequiresLock("a:{id}")
		void required(long id) {
		}

	}

	static class Meant {

		@Locked("a:{id}")
		void noParameter() {
		}

		@Locked("a:{other}")
		void noSuchParameter(long id) {
		}

		@Locked("{\"id\":1}")
		void json(long id) {
		}

		@Locked("{#<id>}:{0}:{}")
		void hashTag(long id) {
		}

		@Locked("article:id/:id")
		void word(long id) {
		}

		@Locked("channel ##<id>")
		void escaped(long id) {
		}

		@Locked("a:#{'{id}'}")
		void literal(long id) {
		}

		@Locked("a:${press.desk:{id}}")
		void property(long press) {
		}

	}

}
