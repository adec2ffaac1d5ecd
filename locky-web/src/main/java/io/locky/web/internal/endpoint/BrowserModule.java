package io.locky.web.internal.endpoint;

/**
 * Where the browser module is served, the same for both web frameworks.
 */
public final class BrowserModule {

	private BrowserModule() {
	}

	/**
	 * Its files, and no others: an application may have files of its own there.
	 * @return the pattern of their paths
	 */
	public static String pattern() {
		return "/locky/{name:locky(?:-[a-z]+)?\\.js}";
	}

	/**
	 * The folder of the files.
	 * @return a location on the class path
	 */
	public static String location() {
		return "classpath:/io/locky/web/browser/";
	}

}
