package dev.racnn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies between the packages point one way. */
@AnalyzeClasses(packages = "dev.racnn", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packages_depend_on_lower_ones_only = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("files")
            .definedBy("dev.racnn.files..")
            .layer("settings")
            .definedBy("dev.racnn.settings..")
            .layer("tensor")
            .definedBy("dev.racnn.tensor..")
            .layer("retrieval")
            .definedBy("dev.racnn.retrieval..")
            .layer("libtorch")
            .definedBy("dev.racnn.libtorch..")
            .layer("candidates")
            .definedBy("dev.racnn.candidates..")
            .layer("data")
            .definedBy("dev.racnn.data..")
            .layer("model")
            .definedBy("dev.racnn.model..")
            .layer("racnn")
            .definedBy("dev.racnn.racnn..")
            .layer("attack")
            .definedBy("dev.racnn.attack..")
            .layer("adaptive")
            .definedBy("dev.racnn.adaptive..")
            .layer("training")
            .definedBy("dev.racnn.training..")
            .layer("evaluation")
            .definedBy("dev.racnn.evaluation..")
            .layer("report")
            .definedBy("dev.racnn.report..")
            .layer("experiment")
            .definedBy("dev.racnn.experiment..")
            .whereLayer("files")
            .mayNotAccessAnyLayer()
            .whereLayer("settings")
            .mayNotAccessAnyLayer()
            .whereLayer("tensor")
            .mayOnlyAccessLayers("files", "settings")
            .whereLayer("retrieval")
            .mayOnlyAccessLayers("files", "settings")
            .whereLayer("libtorch")
            .mayOnlyAccessLayers("files", "settings", "tensor", "retrieval")
            .whereLayer("candidates")
            .mayOnlyAccessLayers("files", "settings", "retrieval")
            .whereLayer("data")
            .mayOnlyAccessLayers("files", "settings", "tensor")
            .whereLayer("model")
            .mayOnlyAccessLayers("files", "settings", "tensor", "data")
            .whereLayer("racnn")
            .mayOnlyAccessLayers("files", "settings", "tensor", "retrieval", "candidates", "data", "model")
            .whereLayer("attack")
            .mayOnlyAccessLayers("files", "settings", "tensor", "data", "model")
            .whereLayer("adaptive")
            .mayOnlyAccessLayers(
                    "files", "settings", "tensor", "retrieval", "candidates", "data", "model", "racnn", "attack")
            .whereLayer("training")
            .mayOnlyAccessLayers(
                    "files", "settings", "tensor", "retrieval", "candidates", "data", "model", "racnn", "attack")
            .whereLayer("evaluation")
            .mayOnlyAccessLayers(
                    "files",
                    "settings",
                    "tensor",
                    "retrieval",
                    "candidates",
                    "data",
                    "model",
                    "racnn",
                    "attack",
                    "adaptive",
                    "training")
            .whereLayer("experiment")
            .mayOnlyAccessLayers(
                    "files",
                    "settings",
                    "tensor",
                    "retrieval",
                    "candidates",
                    "data",
                    "model",
                    "racnn",
                    "attack",
                    "adaptive",
                    "training",
                    "evaluation")
            .whereLayer("report")
            .mayOnlyAccessLayers(
                    "files",
                    "settings",
                    "tensor",
                    "retrieval",
                    "candidates",
                    "data",
                    "model",
                    "racnn",
                    "attack",
                    "adaptive",
                    "training",
                    "evaluation");

    @ArchTest
    static final ArchRule retrieval_knows_no_libtorch = noClasses()
            .that()
            .resideInAnyPackage("dev.racnn.retrieval..", "dev.racnn.candidates..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");
}
