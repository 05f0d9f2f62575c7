"""The Boston recipe in Keras: trains twice and prints the second fit's steps per second (the first one traces)."""
import json, os, sys, time
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import keras

rows = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, dtype="float32")
np.random.RandomState(113).shuffle(rows)
train = rows[:404]
x = (train[:, :13] - train[:, :13].mean(0)) / train[:, :13].std(0, ddof=1)
y = train[:, 13:]
layers = [keras.layers.Dense(64, "relu"), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)]
model = keras.Sequential([keras.Input((13,)), *layers])
model.compile(keras.optimizers.RMSprop(0.001, rho=0.95, momentum=0.9, epsilon=1e-4, centered=True), "mse")
epochs = 100
model.fit(x, y, batch_size=50, epochs=epochs, verbose=0)
start = time.perf_counter()
model.fit(x, y, batch_size=50, epochs=epochs, verbose=0)
print(json.dumps({"peer": f"Keras {keras.__version__}", "stepsPerSecond": 9 * epochs / (time.perf_counter() - start)}))
