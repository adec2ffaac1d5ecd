package io.locky.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The session that the README shows.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "locky.ttl=2s")
@ExtendWith(OutputCaptureExtension.class)
class SampleApplicationTests {

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Test
	void articleIsLockedRefusedRefreshedTakenOverAndReleased(CapturedOutput output) throws Exception {
		assertThat(send("GET", "/articles/12/lock").statusCode()).isEqualTo(404);
		assertThat(send("POST", "/articles/12/lock?user=20").statusCode()).isEqualTo(200);
		HttpResponse<String> refused = send("POST", "/articles/12/lock?user=21");
		assertThat(refused.statusCode()).isEqualTo(423);
		assertThat(refused.body()).contains("\"holder\":\"20\"").contains("\"resource\":\"article:12\"");
		assertThat(send("POST", "/articles/12/publish").statusCode()).isEqualTo(423);
		assertThat(send("POST", "/articles/12/refresh?user=21").statusCode()).isEqualTo(423);
		assertThat(send("POST", "/articles/12/refresh?user=20").statusCode()).isEqualTo(200);
		assertThat(send("POST", "/articles/12/takeover?user=chief").body()).contains("\"holder\":\"chief\"");
		assertThat(send("DELETE", "/articles/12/lock?user=20").statusCode()).isEqualTo(423);
		assertThat(send("DELETE", "/articles/12/lock?user=chief").statusCode()).isEqualTo(204);
		assertThat(send("POST", "/articles/12/publish").statusCode()).isEqualTo(200);
		assertThat(send("GET", "/articles/12/lock").statusCode()).isEqualTo(404);
		assertThat(output).contains("article:12 is locked by 20")
			.contains("article:12 was taken over by chief from 20")
			.contains("article:12 was released by chief");
	}

	@Test
	void expiredLockIsLogged(CapturedOutput output) throws Exception {
		send("POST", "/articles/13/lock?user=20");
		await().untilAsserted(() -> assertThat(output).contains("article:13 expired, last held by 20"));
		assertThat(send("GET", "/articles/13/lock").statusCode()).isEqualTo(404);
	}

	private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
		URI uri = URI.create("http://localhost:" + this.port + path);
		return this.client.send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
				BodyHandlers.ofString());
	}

}
