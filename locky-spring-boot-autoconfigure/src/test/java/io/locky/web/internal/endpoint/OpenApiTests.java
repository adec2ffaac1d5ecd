package io.locky.web.internal.endpoint;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.locky.web.internal.endpoint.EndpointMessages.AcquireBody;
import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointMessages.HeartbeatBody;
import io.locky.web.internal.endpoint.EndpointMessages.LineBody;
import io.locky.web.internal.endpoint.EndpointMessages.LockGrant;
import io.locky.web.internal.endpoint.EndpointMessages.LockHold;
import io.locky.web.internal.endpoint.EndpointMessages.LockHolds;
import io.locky.web.internal.endpoint.EndpointMessages.LockLease;
import io.locky.web.internal.endpoint.EndpointMessages.LockState;
import io.locky.web.internal.endpoint.EndpointMessages.LockStates;
import io.locky.web.internal.endpoint.EndpointMessages.PresenceBody;
import io.locky.web.internal.endpoint.EndpointMessages.PresencePageBody;
import io.locky.web.internal.endpoint.EndpointMessages.PresentPeople;
import io.locky.web.internal.endpoint.EndpointMessages.PresentPerson;
import io.locky.web.internal.endpoint.EndpointMessages.PlaceInLine;
import io.locky.web.internal.endpoint.EndpointMessages.PlacesInLine;
import io.locky.web.internal.endpoint.EndpointMessages.QueryBody;
import io.locky.web.internal.endpoint.EndpointMessages.TakeoverBody;
import io.locky.web.internal.endpoint.EndpointMessages.WatchBody;
import io.locky.web.internal.mvc.HistoryMvcController;
import io.locky.web.internal.mvc.LineMvcController;
import io.locky.web.internal.mvc.LockMvcController;
import io.locky.web.internal.mvc.PresenceMvcController;
import io.locky.web.internal.webflux.HistoryWebFluxController;
import io.locky.web.internal.webflux.LineWebFluxController;
import io.locky.web.internal.webflux.LockWebFluxController;
import io.locky.web.internal.endpoint.EndpointMessages.AnswerBody;
import io.locky.web.internal.endpoint.EndpointMessages.AskBody;
import io.locky.web.internal.endpoint.EndpointMessages.AskedLease;
import io.locky.web.internal.endpoint.EndpointMessages.ClaimBody;
import io.locky.web.internal.endpoint.EndpointMessages.HandoverRequests;
import io.locky.web.internal.endpoint.EndpointMessages.WithdrawBody;
import io.locky.web.internal.mvc.HandoverMvcController;
import io.locky.web.internal.webflux.HandoverWebFluxController;
import io.locky.web.internal.webflux.PresenceWebFluxController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The document and the controllers agree.
 */
class OpenApiTests {

	private final Map<String, ?> document = read();

	static Stream<List<Class<?>>> controllers() {
		return Stream.of(
				List.of(LockMvcController.class, HandoverMvcController.class, PresenceMvcController.class,
						LineMvcController.class, HistoryMvcController.class),
				List.of(LockWebFluxController.class, HandoverWebFluxController.class, PresenceWebFluxController.class,
						LineWebFluxController.class, HistoryWebFluxController.class));
	}

	@ParameterizedTest
	@MethodSource("controllers")
	void everyRouteIsDescribed(List<Class<?>> controllers) {
		Set<String> routes = controllers.stream()
			.flatMap((controller) -> Arrays.stream(controller.getDeclaredMethods()))
			.flatMap(OpenApiTests::routes)
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> described = new TreeSet<>();
		at("paths").forEach((path, methods) -> ((Map<?, ?>) methods).keySet()
			.forEach((method) -> described.add(method + " " + path)));
		assertThat(described).isEqualTo(routes);
	}

	private static Stream<String> routes(Method method) {
		RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
		return (mapping != null) ? Arrays.stream(mapping.path())
			.map((path) -> mapping.method()[0].name().toLowerCase(Locale.ROOT) + " " + path) : Stream.empty();
	}

	@ParameterizedTest
	@ValueSource(classes = { AcquireBody.class, HeartbeatBody.class, GrantBody.class, TakeoverBody.class,
			QueryBody.class, WatchBody.class, LockGrant.class, LockLease.class, LockState.class, LockStates.class,
			AskedLease.class, AskBody.class, AnswerBody.class, ClaimBody.class, WithdrawBody.class,
			HandoverRequests.class, PresenceBody.class, PresencePageBody.class, PresentPerson.class,
			PresentPeople.class, LineBody.class, PlaceInLine.class, PlacesInLine.class, LockHold.class,
			LockHolds.class })
	void everyMemberIsDescribed(Class<?> type) {
		List<String> members = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
		assertThat(at("components", "schemas", type.getSimpleName(), "properties").keySet())
			.containsExactlyElementsOf(members);
	}

	@Test
	void everyDescribedProblemIsInTheGuide() throws IOException {
		String guide = Files.readString(Path.of("../docs/web.md"));
		List<?> types = (List<?>) at("components", "schemas", "Problem", "properties", "type").get("enum");
		assertThat(types).allSatisfy((type) -> assertThat(guide)
			.contains("`" + type.toString().substring("urn:problem-type:locky:".length()) + "`"));
	}

	private Map<String, ?> at(String... names) {
		Map<String, ?> node = this.document;
		for (String name : names) {
			node = child(node, name);
		}
		return node;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, ?> child(Map<String, ?> node, String name) {
		assertThat(node.get(name)).as(name).isInstanceOf(Map.class);
		return Objects.requireNonNull((Map<String, ?>) node.get(name));
	}

	private static Map<String, ?> read() {
		try {
			return Objects.requireNonNull(new Yaml().load(Files.readString(Path.of("../docs/openapi.yaml"))));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
