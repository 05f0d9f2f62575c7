"""The Boston recipe in MXNet (Gluon, hybridized): trains twice and prints the second run's steps per second."""
import json, sys, time
import numpy as np
import mxnet as mx
from mxnet import autograd, gluon

rows = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, dtype="float32")
np.random.RandomState(113).shuffle(rows)
train = rows[:404]
x = mx.nd.array((train[:, :13] - train[:, :13].mean(0)) / train[:, :13].std(0, ddof=1))
y = mx.nd.array(train[:, 13:])
net = gluon.nn.HybridSequential()
net.add(gluon.nn.Dense(64, "relu"), gluon.nn.Dense(64, "relu"), gluon.nn.Dense(1))
net.initialize(mx.init.Uniform(0.01))
net.hybridize(static_alloc=True, static_shape=True)
trainer = gluon.Trainer(net.collect_params(), "rmsprop", {"learning_rate": 0.001, "gamma1": 0.95, "gamma2": 0.9, "epsilon": 1e-4, "centered": True})
loss_of = gluon.loss.L2Loss()
epochs = 100


def fit():
    for _ in range(epochs):
        order = mx.nd.array(np.random.permutation(404))
        for first in range(0, 404, 50):
            batch = order[first : first + 50]
            with autograd.record():
                loss = loss_of(net(x.take(batch)), y.take(batch))
            loss.backward()
            trainer.step(len(batch))
    mx.nd.waitall()


fit()
start = time.perf_counter()
fit()
print(json.dumps({"peer": f"MXNet {mx.__version__}", "stepsPerSecond": 9 * epochs / (time.perf_counter() - start)}))
