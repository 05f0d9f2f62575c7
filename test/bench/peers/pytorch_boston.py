"""The Boston recipe in PyTorch: trains twice and prints the second run's steps per second."""
import json, sys, time
import numpy as np
import torch

rows = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, dtype="float32")
np.random.RandomState(113).shuffle(rows)
train = rows[:404]
x = torch.tensor((train[:, :13] - train[:, :13].mean(0)) / train[:, :13].std(0, ddof=1))
y = torch.tensor(train[:, 13:])
nn = torch.nn
model = nn.Sequential(nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001, alpha=0.95, eps=1e-2, centered=True, momentum=0.9)
loss_of = nn.MSELoss()
epochs = 100


def fit():
    for _ in range(epochs):
        order = torch.randperm(404)
        for first in range(0, 404, 50):
            batch = order[first : first + 50]
            optimizer.zero_grad()
            loss_of(model(x[batch]), y[batch]).backward()
            optimizer.step()


fit()
start = time.perf_counter()
fit()
print(json.dumps({"peer": f"PyTorch {torch.__version__}", "stepsPerSecond": 9 * epochs / (time.perf_counter() - start)}))
