package dev.racnn.server.api;

import dev.racnn.attack.Outcome;
import dev.racnn.attack.catalogue.AttackKind;
import dev.racnn.model.Bounds;
import dev.racnn.racnn.BundleDescription;
import dev.racnn.server.Abstention;
import dev.racnn.server.attack.AttackJob;
import dev.racnn.server.attack.AttackReply;
import dev.racnn.server.model.ServedModel;
import dev.racnn.server.model.Verdict;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts names and pictures to attacks. */
@Singleton
final class AttackAnswers {
    private final BundleDescription model;
    private final Abstention abstention;

    AttackAnswers(ServedModel model, Abstention abstention) {
        this.model = model.description();
        this.abstention = abstention;
    }

    static AttackJson.Kind kind(AttackKind kind) {
        return new AttackJson.Kind(
                kind.profile().toString(),
                kind.name(),
                kind.title(),
                lower(kind.strength()),
                kind.norms().stream().map(AttackAnswers::lower).toList(),
                kind.needsBudget());
    }

    AttackJson.Job job(AttackJob.View job) {
        AttackReply reply = job.reply();
        return new AttackJson.Job(
                job.id(), lower(job.state()), job.progress(), job.failure(), reply == null ? null : result(job, reply));
    }

    private AttackJson.Result result(AttackJob.View job, AttackReply reply) {
        Outcome outcome = reply.outcome();
        return new AttackJson.Result(
                job.order().kind().name(),
                job.order().aim().toString(),
                model.classNames().get(reply.label()),
                outcome.success(),
                reply.wrongBefore(),
                outcome.success() ? new AttackJson.Distance(outcome.l2(), outcome.linf(), outcome.msd()) : null,
                outcome.forwardQueries() + outcome.gradientQueries(),
                new AttackJson.Shown(base64(levels(reply.original())), answer(reply.before())),
                changed(reply));
    }

    private AttackJson.@Nullable Changed changed(AttackReply reply) {
        float[] adversarial = reply.outcome().adversarial();
        Verdict after = reply.after();
        if (adversarial == null || after == null) {
            return null;
        }
        // The largest change is to be black or white; no change at all stays grey.
        double magnification = 0.5 / Math.max(reply.outcome().linf(), 1e-6);
        float[] shown = new float[adversarial.length];
        for (int i = 0; i < shown.length; i++) {
            double moved = (double) adversarial[i] - reply.original()[i];
            shown[i] = (float) Math.clamp(0.5 + magnification * moved, 0.0, 1.0);
        }
        return new AttackJson.Changed(base64(levels(adversarial)), base64(levels(shown)), magnification, answer(after));
    }

    private Classification.Result answer(Verdict verdict) {
        return Classification.result(verdict, model, abstention.applies(verdict.evidence()));
    }

    private String base64(byte[] pixels) {
        return Base64.getEncoder().encodeToString(Classification.png(pixels, model));
    }

    private static byte[] levels(float[] pixels) {
        byte[] levels = new byte[pixels.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Bounds.UNIT.level(pixels[i]);
        }
        return levels;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
