"""The workloads in Keras on TensorFlow: `compile` and `fit` as users write them, everything else at its default."""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
from harness import main
from keras import layers, losses, optimizers


def boston():
    parts = [keras.Input((13,)), layers.Dense(64, "relu"), layers.Dense(64, "relu"), layers.Dense(1)]
    return parts, "mse", optimizers.RMSprop(0.001, rho=0.95, momentum=0.9, epsilon=1e-4, centered=True)


def mnist():
    parts = [keras.Input((784,)), layers.Dense(512, "relu"), layers.Dense(512, "relu"), layers.Dense(10, "softmax")]
    return parts, losses.SparseCategoricalCrossentropy(), optimizers.RMSprop(0.001)


def shampoo():
    recurrent = [layers.LSTM(30, return_sequences=True), layers.LSTM(30, return_sequences=True)]
    rule = optimizers.Adadelta(1.0, rho=0.9, epsilon=1e-6, weight_decay=1e-6, clipvalue=1.0)
    return [keras.Input((4, 1)), *recurrent, layers.Dense(1)], "mse", rule


def lstm():
    parts = [keras.Input((50, 16)), layers.LSTM(128, return_sequences=True), layers.LSTM(128), layers.Dense(1)]
    return parts, "mse", optimizers.Adam(0.001)


def cnn():
    convolutions = [layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(2)]
    convolutions += [layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(2)]
    dense = [layers.Flatten(), layers.Dense(64, "relu"), layers.Dense(10, "softmax")]
    parts = [keras.Input((28, 28, 1)), *convolutions, *dense]
    return parts, losses.SparseCategoricalCrossentropy(), optimizers.Adam(0.001)


MODELS = {"boston": boston, "mnist": mnist, "shampoo": shampoo, "lstm": lstm, "cnn": cnn}


def build(workload, x, y, batch):
    parts, loss, optimizer = MODELS[workload]()
    model = keras.Sequential(parts)
    model.compile(optimizer, loss)
    inputs = x[..., None] if workload == "cnn" else x

    def fit(epochs):
        return model.fit(inputs, y, batch_size=batch, epochs=epochs, verbose=0).history["loss"][-1]

    return fit


main("Keras", keras.__version__, build)
