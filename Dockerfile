# One image for every process; docker-compose.yml gives each its command.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --create-home unionhall
WORKDIR /app

COPY requirements.lock ./
RUN pip install --require-hashes --requirement requirements.lock

COPY kernel kernel
COPY contracts contracts
COPY chassis chassis
COPY services services
COPY gateway gateway
COPY demo demo
COPY unionctl unionctl

USER unionhall
