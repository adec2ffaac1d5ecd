package io.locky.internal.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.locky.internal.check.MissingPermission.Kind;
import io.locky.internal.redis.LockyKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

class PermissionProbeTests {

	private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('(\\w+)'");

	@Test
	void everyCommandOfEveryScriptIsProbed() throws IOException {
		PermissionProbe probe = new PermissionProbe(LockyKeys.of("p:").withNpmInterop().withEventLog("i", 1000));
		assertThat(probe.commandNames()).containsAll(commandsOfScripts());
	}

	@Test
	void unneededCommandsAreNotProbed() {
		assertThat(new PermissionProbe(LockyKeys.of("p:")).commandNames()).doesNotContain("xadd", "sadd");
		assertThat(new PermissionProbe(LockyKeys.of("p:").withEventLog("i", 1000)).commandNames())
			.contains("xadd", "xtrim")
			.doesNotContain("sadd");
	}

	/**
	 * First the errors of Redis 7.0 and 6.2, then those of 7.2 and newer, and of Valkey.
	 */
	@ParameterizedTest
	@CsvSource(textBlock = """
			The user executing the script can't run this command or subcommand, COMMAND
			The user executing the script can't access at least one of the keys mentioned in the command arguments, KEY
			The user executing the script can't publish to the channel mentioned in the command, CHANNEL
			NOPERM this user has no permissions to run the 'eval' command, COMMAND
			NOPERM this user has no permissions to access one of the keys used as arguments, KEY
			NOPERM ACL failure in script: User channel has no permissions to run the 'zadd' command, COMMAND
			NOPERM ACL failure in script: No permissions to access a key, KEY
			NOPERM ACL failure in script: No permissions to access a channel, CHANNEL
			NOPERM User locky has no permissions to access the 'p:channel' key, KEY
			NOPERM User locky has no permissions to access the 'p:signals' channel, CHANNEL
			""")
	void refusalIsReadAsMissingPermission(String error, Kind kind) {
		assertThat(MissingPermission.of(List.of("ZADD", error))).containsExactly(new MissingPermission(kind, "zadd"));
	}

	private static Set<String> commandsOfScripts() throws IOException {
		Set<String> commands = new TreeSet<>();
		for (Resource script : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:io/locky/internal/**/*.lua")) {
			CALL.matcher(script.getContentAsString(StandardCharsets.UTF_8))
				.results()
				.forEach((call) -> commands.add(call.group(1).toLowerCase(Locale.ROOT)));
		}
		assertThat(commands).hasSizeGreaterThan(10);
		return commands;
	}

}
