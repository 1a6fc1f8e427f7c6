package dev.racnn.cli.attack;

import dev.racnn.attack.AttackRunner;
import dev.racnn.attack.catalogue.AttackPlan;
import dev.racnn.cli.attack.AttackOptions.Aim;
import dev.racnn.cli.options.ComputeOptions;
import dev.racnn.cli.options.DataOptions;
import dev.racnn.cli.options.EngineOptions;
import dev.racnn.cli.options.ImageOptions;
import dev.racnn.cli.options.Inputs;
import dev.racnn.cli.terminal.StepProgress;
import dev.racnn.data.Dataset;
import dev.racnn.evaluation.BudgetSweep;
import dev.racnn.evaluation.Sample;
import dev.racnn.evaluation.SeenImages;
import dev.racnn.evaluation.Subject;
import dev.racnn.evaluation.Subjects;
import dev.racnn.model.Bounds;
import dev.racnn.report.AttackReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code racnn attack}: runs one attack on test images and writes what it achieved on each of them. */
@Command(
        name = "attack",
        modelTransformer = AttackHelp.class,
        description = "Attacks a model with one attack and writes what it achieved on each image as JSON.")
public final class AttackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private EngineOptions engine;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            required = true,
            description = "A bundle, or a TorchScript file; FILE.yaml beside FILE.pt may give its outputs, mean, std,"
                    + " bounds and labelMap.")
    private Path model;

    @Mixin
    private DataOptions data;

    @Mixin
    private ImageOptions images;

    @Mixin
    private AttackOptions options;

    @Mixin
    private AttackOutputs outputs;

    AttackCommand() {}

    @Override
    public Integer call() throws IOException {
        AttackPlan plan = options.plan();
        options.check();
        List<Path> models = Stream.of(model, options.surrogate())
                .flatMap(Stream::ofNullable)
                .toList();
        outputs.check(new Inputs(spec.commandLine(), models, data.source()));
        int threads = compute.apply();
        Dataset test = images.of(data.source(), models).test();
        Sample sample = options.sample(test);
        try (Subjects subjects = new Subjects(threads, compute.precisionOfAttacks(), test.classNames())) {
            engine.searchIn(subjects);
            AttackSubjects attacked = AttackSubjects.open(subjects, model, options);
            warn(plan, subjects, attacked.subject(), test);
            attack(plan, attacked, test, sample);
        }
        return 0;
    }

    private void warn(AttackPlan plan, Subjects subjects, Subject subject, Dataset test) {
        Bounds bounds = subject.classifier().bounds();
        Stream.of(
                        SeenImages.among(subject, test).stream().map(remark -> subject.name() + ": " + remark),
                        plan.budgets().stream()
                                .flatMap(budget -> BudgetRemark.of(budget, bounds, test.imageSize()).stream()),
                        subjects.warnings(test.imageSize()).stream())
                .flatMap(remarks -> remarks)
                .forEach(remark -> spec.commandLine().getErr().println("warning: " + remark));
    }

    private void attack(AttackPlan plan, AttackSubjects attacked, Dataset test, Sample sample) throws IOException {
        Subject subject = attacked.subject();
        Aim aim = options.aim(test, sample, subject.classifier());
        PrintWriter out = spec.commandLine().getOut();
        AttackRunner runner = attacked.runner(aim.criterion(), outputs.journal())
                .withBatchSize(compute.batchOfAttacks(options.images().batch()))
                .withProgress(new StepProgress(spec.commandLine().getErr()));
        boolean transfer = attacked.isTransfer();
        BudgetSweep sweep = new BudgetSweep(plan, runner, transfer ? subject.classifier() : null);
        BudgetSweep.Result result = sweep.run(
                aim.examples(), (attacks, achieved) -> AttackSummary.printStages(attacks, achieved, transfer, out));
        AttackReport report = new AttackReport(
                model.toString(),
                data.source().toString(),
                options.profile(),
                options.scenario(),
                sample.description(),
                compute.precisionOfAttacks(),
                result,
                outputs.hasImages() ? sweep.pictures(result.largest().worstCase(), aim.examples()) : List.of());
        outputs.write(report, "%s on %s".formatted(options.attack(), subject.name()));
        if (aim.leftOut() > 0) {
            out.println("left out          " + aim.leftOut() + " images of the target class");
        }
        AttackSummary.print(report, out);
        out.println("result " + outputs.json());
    }
}
