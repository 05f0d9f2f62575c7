"""The workloads in MXNet: Gluon, hybridized with static memory and shapes, asynchronous to the end of a fit."""
import mxnet as mx
import numpy as np
from harness import main
from mxnet import autograd, gluon
from mxnet.gluon import nn, rnn


class Recurrent(gluon.HybridBlock):
    """Two LSTM layers and a dense one, at every step or at the last one only. [batch, steps, features]"""

    def __init__(self, units, every_step):
        super().__init__()
        self.every_step = every_step
        with self.name_scope():
            self.lstm = rnn.LSTM(units, num_layers=2, layout="NTC")
            self.dense = nn.Dense(1, flatten=False)

    def hybrid_forward(self, F, x):
        outputs = self.lstm(x)
        if not self.every_step:
            outputs = F.squeeze(F.slice_axis(outputs, axis=1, begin=-1, end=None), axis=1)
        return self.dense(outputs)


def sequential(*layers):
    net = nn.HybridSequential()
    net.add(*layers)
    return net


def squared_error():
    return gluon.loss.L2Loss(weight=2)  # Half of it is taken.


def boston():
    rule = {"learning_rate": 0.001, "gamma1": 0.95, "gamma2": 0.9, "epsilon": 1e-4, "centered": True}
    net = sequential(nn.Dense(64, "relu"), nn.Dense(64, "relu"), nn.Dense(1))
    return net, squared_error(), ("rmsprop", rule)


def mnist():
    rule = {"learning_rate": 0.001, "gamma1": 0.9, "epsilon": 1e-7}
    net = sequential(nn.Dense(512, "relu"), nn.Dense(512, "relu"), nn.Dense(10))
    return net, gluon.loss.SoftmaxCrossEntropyLoss(), ("rmsprop", rule)


def shampoo():
    rule = {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-6, "wd": 1e-6, "clip_gradient": 1.0}
    return Recurrent(30, every_step=True), squared_error(), ("adadelta", rule)


def lstm():
    return Recurrent(128, every_step=False), squared_error(), ("adam", {"learning_rate": 0.001, "epsilon": 1e-7})


def cnn():
    convolutions = [nn.Conv2D(8, 3, activation="relu"), nn.MaxPool2D(2)]
    convolutions += [nn.Conv2D(16, 3, activation="relu"), nn.MaxPool2D(2)]
    net = sequential(*convolutions, nn.Flatten(), nn.Dense(64, "relu"), nn.Dense(10))
    return net, gluon.loss.SoftmaxCrossEntropyLoss(), ("adam", {"learning_rate": 0.001, "epsilon": 1e-7})


MODELS = {"boston": boston, "mnist": mnist, "shampoo": shampoo, "lstm": lstm, "cnn": cnn}


def build(workload, x, y, batch):
    net, loss_of, (rule, settings) = MODELS[workload]()
    net.initialize(mx.init.Uniform(0.01) if workload == "boston" else mx.init.Xavier())
    net.hybridize(static_alloc=True, static_shape=True)
    trainer = gluon.Trainer(net.collect_params(), rule, settings)
    inputs = mx.nd.array(x[:, None] if workload == "cnn" else x)
    targets = mx.nd.array(y)
    count = len(x)

    def epoch():
        losses = []
        order = mx.nd.array(np.random.permutation(count))
        for first in range(0, count, batch):
            rows = order[first : first + batch]
            with autograd.record():
                loss = loss_of(net(inputs.take(rows)), targets.take(rows))
            loss.backward()
            trainer.step(len(rows))
            losses.append(loss)
        return losses

    def fit(epochs):
        for _ in range(epochs):
            losses = epoch()
        mx.nd.waitall()
        return float(sum(loss.sum().asscalar() for loss in losses)) / count

    return fit


main("MXNet", mx.__version__, build)
