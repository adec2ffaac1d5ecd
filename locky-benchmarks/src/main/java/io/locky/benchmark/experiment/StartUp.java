package io.locky.benchmark.experiment;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.locky.benchmark.redis.BenchmarkRedis;
import io.locky.benchmark.report.Figures;
import io.locky.benchmark.report.Report;
import io.locky.benchmark.report.Samples;
import io.locky.benchmark.report.Table;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * How much later an application that uses Redis is ready because of the starter: from the
 * start of its JVM.
 */
public final class StartUp implements Experiment {

	@Override
	public void run(Scale scale, Report report) throws Exception {
		List<Double> without = new ArrayList<>();
		List<Double> with = new ArrayList<>();
		try (BenchmarkRedis redis = BenchmarkRedis.start()) {
			for (int i = 0; i < scale.pick(1, 5, 15); i++) {
				without.add(start(redis, false));
				with.add(start(redis, true));
			}
		}
		Table table = new Table("start-up", "application with Redis", "ready after ms", "added ms");
		double base = Samples.of(without).median();
		table.row("without Locky", Figures.withSpread(Samples.of(without)), "");
		table.row("with the starter", Figures.withSpread(Samples.of(with)),
				Figures.of(Samples.of(with).median() - base));
		report.add(table);
	}

	private static double start(BenchmarkRedis redis, boolean enabled) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), "-Dspring.data.redis.port=" + redis.port(),
				"-Dlocky.enabled=" + enabled, "-Dspring.main.banner-mode=off", Application.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		if (process.waitFor() != 0) {
			throw new IllegalStateException("The application failed: " + printed);
		}
		return Double.parseDouble(printed.substring(printed.lastIndexOf('\n') + 1));
	}

	/**
	 * The smallest application that uses Redis. It ends when it is ready.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "com.baomidou.lock.spring.boot.autoconfigure.LockAutoConfiguration",
			"com.baomidou.lock.spring.boot.autoconfigure.RedisTemplateLockAutoConfiguration" })
	public static class Application {

		/**
		 * Starts, and prints how long it took.
		 * @param args not used
		 */
		public static void main(String[] args) {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			application.setLogStartupInfo(false);
			try (ConfigurableApplicationContext context = application.run()) {
				context.getBean(StringRedisTemplate.class).hasKey("any");
				System.out.println(System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
			}
		}

	}

}
