package dev.racnn.attack.modern;

import dev.racnn.attack.Attack;
import dev.racnn.attack.AttackBatch;
import dev.racnn.attack.Distance;
import dev.racnn.attack.OpenRows;
import dev.racnn.attack.ScoredModel;
import dev.racnn.tensor.Scope;
import dev.racnn.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rotations and translations on a grid (Engstrom et al., 2019; Foolbox 3.3.4, {@code SpatialAttack}): the whole image is
 * turned about its centre and shifted; what comes in from outside has the smallest pixel value. Distances in pixels
 * say little about this attack; its success does.
 */
public record Spatial(Settings settings) implements Attack {
    /** Codes of bilinear interpolation and zeros outside in libtorch. */
    private static final int BILINEAR = 0;

    private static final int ZEROS = 0;

    /**
     * Settings.
     *
     * @param maxTranslation in pixels, to every side, not negative
     * @param maxRotation in degrees, either way, not negative
     * @param translations grid points in each direction, at least 2
     * @param rotations grid points, at least 2
     */
    public record Settings(double maxTranslation, double maxRotation, int translations, int rotations) {
        /** 3 pixels, 30 degrees, 5 grid points each. */
        public static final Settings MODERN = new Settings(3, 30, 5, 5);

        public Settings {
            if (!(maxTranslation >= 0) || !(maxRotation >= 0) || translations < 2 || rotations < 2) {
                throw new IllegalArgumentException(
                        "spatial needs limits of at least 0 and at least 2 grid points, but they are %s, %s, %s and %s"
                                .formatted(maxTranslation, maxRotation, translations, rotations));
            }
        }
    }

    @Override
    public String name() {
        return "spatial";
    }

    @Override
    public Distance distance() {
        return Distance.L2;
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public void run(AttackBatch batch, ScoredModel model) {
        int total = settings.rotations() * settings.translations() * settings.translations();
        try (OpenRows open = new OpenRows(batch, model)) {
            for (int i = 0; i < total && !open.isEmpty(); i++) {
                int column = i % settings.translations();
                int row = i / settings.translations() % settings.translations();
                int turn = i / (settings.translations() * settings.translations());
                try (var _ = Scope.open()) {
                    Tensor moved = moved(
                            batch,
                            open.originals(),
                            grid(settings.maxRotation(), turn, settings.rotations()),
                            grid(settings.maxTranslation(), column, settings.translations()),
                            grid(settings.maxTranslation(), row, settings.translations()));
                    model.decide(batch.clip(moved), open.rows());
                }
                open.letGo();
                batch.progress(i + 1, total);
            }
        }
    }

    /** One of evenly spaced values from -limit to limit. */
    private static double grid(double limit, int i, int count) {
        return -limit + 2 * limit * i / (count - 1);
    }

    /** The images turned by an angle in degrees, then shifted by pixels to the right and down. */
    private static Tensor moved(AttackBatch batch, Tensor images, double degrees, double right, double down) {
        double height = batch.imageSize().height();
        double width = batch.imageSize().width();
        double cosine = Math.cos(Math.toRadians(degrees));
        double sine = Math.sin(Math.toRadians(degrees));
        // The matrix says where each pixel comes from, in coordinates from -1 to 1 on either axis.
        double x = -2 * right / width;
        double y = -2 * down / height;
        double skewX = sine * height / width;
        double skewY = -sine * width / height;
        float[] one = {
            (float) cosine, (float) skewX, (float) (cosine * x + skewX * y),
            (float) skewY, (float) cosine, (float) (skewY * x + cosine * y)
        };
        Tensor matrices = Tensors.of(one, 1, 2, 3).expand(images.size(0), 2, 3);
        Tensor sources = torch.affine_grid_generator(matrices, Tensors.shape(images), false);
        Scalar smallest = new Scalar(batch.bounds().min());
        return torch.grid_sampler(images.sub(smallest), sources, BILINEAR, ZEROS, false)
                .add(smallest);
    }
}
