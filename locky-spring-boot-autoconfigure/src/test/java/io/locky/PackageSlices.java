package io.locky;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/**
 * One slice for each package, the root package too.
 */
final class PackageSlices implements SliceAssignment {

	@Override
	public SliceIdentifier getIdentifierOf(JavaClass type) {
		return SliceIdentifier.of(type.getPackageName());
	}

	@Override
	public String getDescription() {
		return "packages";
	}

}
