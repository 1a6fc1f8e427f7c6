package dev.racnn;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;

/**
 * Package {@code tensor} is where tensors get onto a device and numbers come off it. Nothing else makes a tensor out of nothing,
 * names a device or reads native memory; and what is computed from tensors of one device stays there.
 */
@AnalyzeClasses(packages = "dev.racnn", importOptions = ImportOption.DoNotIncludeTests.class)
class DeviceSeamTest {
    private static final Pattern READ = Pattern.compile(
            "item|item_.*|.*data_ptr.*|storage|cpu|cuda|to_mkldnn|is_nonzero|create(Buffer|Indexer)|as(Byte)?Buffer|accessor.*");

    @ArchTest
    static final ArchRule tensors_are_made_in_one_place = noClasses()
            .that()
            .resideOutsideOfPackage("dev.racnn.tensor..")
            .should()
            .callCodeUnitWhere(target(makes()));

    @ArchTest
    static final ArchRule devices_are_named_in_one_place = noClasses()
            .that()
            .resideOutsideOfPackage("dev.racnn.tensor..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Device.class, TensorOptions.class);

    @ArchTest
    static final ArchRule native_memory_is_read_in_one_place = noClasses()
            .that()
            .resideOutsideOfPackage("dev.racnn.tensor..")
            .should()
            .callCodeUnitWhere(target(reads()));

    private static DescribedPredicate<CodeUnitCallTarget> makes() {
        return DescribedPredicate.describe(
                "make a tensor out of none",
                call -> (call.getOwner().getPackageName().startsWith("org.bytedeco.pytorch.global")
                                || call.getName().equals("create"))
                        && call.getRawReturnType().isAssignableTo(Tensor.class)
                        && call.getRawParameterTypes().stream().noneMatch(DeviceSeamTest::holdsTensors));
    }

    private static boolean holdsTensors(JavaClass type) {
        return type.getSimpleName().contains("Tensor")
                && type.isAssignableTo(Pointer.class)
                && !type.isEquivalentTo(TensorOptions.class);
    }

    private static DescribedPredicate<CodeUnitCallTarget> reads() {
        return DescribedPredicate.describe(
                "read native memory",
                call -> call.getOwner().getPackageName().startsWith("org.bytedeco")
                        && READ.matcher(call.getName()).matches());
    }
}
