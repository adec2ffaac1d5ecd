package io.locky.internal.check;

import java.util.List;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SettingsCheckTests {

	@ParameterizedTest
	@CsvSource({ "redis_version,6.0.16,Redis", "redis_version,5.0.14,Redis", "redis_version,6.1.240,Redis",
			"valkey_version,7.1.9,Valkey" })
	void oldServerCausesWarning(String entry, String version, String name) {
		assertThat(warnings(entry, version))
			.containsExactly(name + " " + version + " is too old for Locky: operations on locks fail. "
					+ "Use Redis 6.2 or newer, or Valkey 7.2 or newer.");
	}

	@ParameterizedTest
	@CsvSource({ "redis_version,6.2.0", "redis_version,7.0.15", "redis_version,10.0.1", "valkey_version,7.2.5",
			"valkey_version,9.0.0", "redis_version,unstable", "redis_version,255.255.255" })
	void newServerCausesNoWarning(String entry, String version) {
		assertThat(warnings(entry, version)).isEmpty();
	}

	@Test
	void valkeyVersionCountsInsteadOfItsRedisVersion() {
		assertThat(warnings("redis_version", "7.2.4", "server_name", "valkey", "valkey_version", "8.1.0")).isEmpty();
		assertThat(warnings("redis_version", "7.2.4", "server_name", "valkey", "valkey_version", "7.1.0")).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "noeviction,1000,0", "allkeys-lru,0,0", "volatile-ttl,0,0", "allkeys-lru,1000,1",
			"allkeys-random,1000,1", "volatile-lru,1000,1", "volatile-ttl,1000,1" })
	void evictionPolicyCausesWarningIfMemoryIsLimited(String policy, String limit, int warnings) {
		assertThat(warnings("maxmemory_policy", policy, "maxmemory", limit)).hasSize(warnings);
	}

	@Test
	void unknownMemoryLimitCountsAsLimit() {
		assertThat(warnings("maxmemory_policy", "allkeys-lfu")).singleElement()
			.asString()
			.contains("'allkeys-lfu'", "'noeviction'");
	}

	@Test
	void missingSettingsCauseNoWarning() {
		assertThat(warnings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "redis_mode,cluster,1", "server_mode,cluster,1", "redis_mode,standalone,0", "redis_mode,sentinel,0" })
	void clusterNodeCausesWarning(String entry, String mode, int warnings) {
		assertThat(warnings(entry, mode)).hasSize(warnings);
		Properties info = new Properties();
		info.setProperty(entry, mode);
		assertThat(SettingsCheck.warnings(info, true)).isEmpty();
	}

	private static List<String> warnings(String... entries) {
		Properties info = new Properties();
		for (int i = 0; i < entries.length; i += 2) {
			info.setProperty(entries[i], entries[i + 1]);
		}
		return SettingsCheck.warnings(info, false);
	}

}
