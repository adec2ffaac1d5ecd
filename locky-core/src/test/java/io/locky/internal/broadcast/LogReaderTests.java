package io.locky.internal.broadcast;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogReaderTests {

	@Test
	void lossOfAllLogsIsReportedOnce() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyKeys keys = LockyKeys.ofCluster(fixture.prefix()).withEventLog("me", 10_000);
			LockySettings settings = fixture.settings().build();
			LockyTemplate locks = fixture.start(keys, settings, fixture.publisher());
			List<LogEntry> entries = new ArrayList<>();
			AtomicInteger gaps = new AtomicInteger();
			LogReader reader = new LogReader(fixture.scripts(), keys, entries::add, gaps::incrementAndGet);
			reader.catchUp();
			for (int i = 0; i < 50; i++) {
				locks.lock("article:" + i, "ann");
			}
			reader.catchUp();
			assertThat(entries).hasSize(50);
			assertThat(gaps).hasValue(0);
			fixture.clear();
			reader.catchUp();
			assertThat(gaps).hasValue(1);
		}
	}

}
