package io.locky;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What would only be noticed in a release: a module that is published and not in the BOM,
 * or without a name of its own, a package in two of them, a version that was left behind.
 */
class PublishedModulesTests {

	private static final Path ROOT = Path.of("..");

	private static List<Pom> published() throws Exception {
		List<Pom> published = new ArrayList<>();
		try (DirectoryStream<Path> modules = Files.newDirectoryStream(ROOT, "locky-*")) {
			for (Path module : modules) {
				if (Files.exists(module.resolve("pom.xml"))) {
					Pom pom = Pom.read(module);
					if (pom.text("properties/maven.deploy.skip").equals("false")) {
						published.add(pom);
					}
				}
			}
		}
		return published;
	}

	private static List<Pom> jars() throws Exception {
		return published().stream().filter((pom) -> !pom.text("packaging").equals("pom")).toList();
	}

	@Test
	void bomHasAllPublishedModulesInTheirVersion() throws Exception {
		Pom bom = Pom.read(ROOT.resolve("locky-bom"));
		String managed = "dependencyManagement/dependencies/dependency/";
		assertThat(bom.texts(managed + "artifactId"))
			.containsExactlyInAnyOrderElementsOf(jars().stream().map((pom) -> pom.text("artifactId")).toList());
		assertThat(bom.texts(managed + "version")).containsOnly(Pom.read(ROOT).text("version"));
	}

	@Test
	void onlyPublishedModulesAreBuiltForARelease() throws Exception {
		assertThat(Pom.read(ROOT).texts("modules/module"))
			.containsExactlyInAnyOrderElementsOf(published().stream().map((pom) -> pom.text("artifactId")).toList());
	}

	@Test
	void publishedModulesHaveNameDescriptionAndModuleName() throws Exception {
		assertThat(published()).hasSizeGreaterThan(4).allSatisfy((pom) -> {
			assertThat(pom.text("name")).as(pom.text("artifactId")).isNotEmpty();
			assertThat(pom.text("description")).as(pom.text("artifactId")).isNotEmpty();
		});
		List<String> names = jars().stream().map((pom) -> pom.text("properties/java.module.name")).toList();
		assertThat(names).doesNotHaveDuplicates().allMatch((name) -> name.matches("io(\\.[a-z]+)+"));
	}

	@Test
	void noPackageIsInTwoModules() throws Exception {
		TreeMap<String, Path> packages = new TreeMap<>();
		for (Pom pom : jars()) {
			Path sources = pom.module().resolve("src/main/java");
			if (Files.exists(sources)) {
				try (var files = Files.walk(sources)) {
					files.filter((file) -> file.endsWith("package-info.java"))
						.map((file) -> sources.relativize(file.getParent()).toString())
						.forEach((name) -> assertThat(packages.put(name, pom.module())).as(name).isNull());
				}
			}
		}
		assertThat(packages).hasSizeGreaterThan(10);
	}

	@Test
	void browserPackageHasTheVersionOfAllModules() throws Exception {
		String version = Pom.read(ROOT).text("version");
		assertThat(Files.readString(ROOT.resolve("locky-browser/package.json")))
			.contains("\"version\": \"" + version + "\"");
		for (String page : List.of("README.md", "docs/without-boot.md")) {
			assertThat(Files.readString(ROOT.resolve(page))).as(page).contains("<version>" + version + "</version>");
		}
	}

	private record Pom(Path module, Document document) {

		static Pom read(Path module) throws Exception {
			return new Pom(module,
					DocumentBuilderFactory.newInstance()
						.newDocumentBuilder()
						.parse(module.resolve("pom.xml").toFile()));
		}

		String text(String path) {
			List<String> texts = texts(path);
			return texts.isEmpty() ? "" : texts.get(0);
		}

		List<String> texts(String path) {
			try {
				NodeList nodes = (NodeList) XPathFactory.newInstance()
					.newXPath()
					.evaluate("/project/" + path, this.document, XPathConstants.NODESET);
				List<String> texts = new ArrayList<>();
				for (int i = 0; i < nodes.getLength(); i++) {
					texts.add(nodes.item(i).getTextContent().trim());
				}
				return texts;
			}
			catch (Exception ex) {
				throw new IllegalStateException(path, ex);
			}
		}

	}

}
