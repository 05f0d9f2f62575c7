"""The workloads in PyTorch: eager, on the CPU, the plain training loop that its tutorials show."""
import torch
from harness import main
from torch import nn, optim


class Recurrent(nn.Module):
    """Two LSTM layers and a dense one, at every step or at the last one only. [batch, steps, features]"""

    def __init__(self, features, units, every_step):
        super().__init__()
        self.lstm = nn.LSTM(features, units, num_layers=2, batch_first=True)
        self.dense = nn.Linear(units, 1)
        self.every_step = every_step

    def forward(self, x):
        outputs, _ = self.lstm(x)
        return self.dense(outputs if self.every_step else outputs[:, -1])


def boston():
    model = nn.Sequential(nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    # PyTorch adds epsilon outside the root: 1e-2 there is 1e-4 inside.
    rule = optim.RMSprop(model.parameters(), lr=0.001, alpha=0.95, eps=1e-2, centered=True, momentum=0.9)
    return model, nn.MSELoss(), rule


def mnist():
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
    return model, nn.CrossEntropyLoss(), optim.RMSprop(model.parameters(), lr=0.001, alpha=0.9, eps=1e-7)


def shampoo():
    model = Recurrent(1, 30, every_step=True)
    rule = optim.Adadelta(model.parameters(), lr=1.0, rho=0.9, eps=1e-6, weight_decay=1e-6)
    return model, nn.MSELoss(), rule


def lstm():
    model = Recurrent(16, 128, every_step=False)
    return model, nn.MSELoss(), optim.Adam(model.parameters(), lr=0.001, eps=1e-7)


def cnn():
    convolutions = [nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(), nn.MaxPool2d(2)]
    model = nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(400, 64), nn.ReLU(), nn.Linear(64, 10))
    return model, nn.CrossEntropyLoss(), optim.Adam(model.parameters(), lr=0.001, eps=1e-7)


MODELS = {"boston": boston, "mnist": mnist, "shampoo": shampoo, "lstm": lstm, "cnn": cnn}


def build(workload, x, y, batch):
    model, loss_of, optimizer = MODELS[workload]()
    inputs = torch.from_numpy(x[:, None] if workload == "cnn" else x)
    targets = torch.from_numpy(y)
    count = len(inputs)

    def epoch():
        losses = []
        order = torch.randperm(count)
        for first in range(0, count, batch):
            rows = order[first : first + batch]
            optimizer.zero_grad()
            loss = loss_of(model(inputs[rows]), targets[rows])
            loss.backward()
            if workload == "shampoo":
                nn.utils.clip_grad_value_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.detach() * len(rows))
        return losses

    def fit(epochs):
        for _ in range(epochs):
            losses = epoch()
        return float(sum(losses)) / count

    return fit


main("PyTorch", torch.__version__, build)
