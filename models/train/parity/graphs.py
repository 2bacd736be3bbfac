"""ONNX graphs of the forms that are published: with a key-value cache, pooled, and plain hidden states."""

from pathlib import Path

import torch
from transformers import DynamicCache


class WithCache(torch.nn.Module):
    """A decoder as text-generation exports have it: past keys and values in, present ones out."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, position_ids, *past):
        cache = DynamicCache.from_legacy_cache(tuple(zip(past[0::2], past[1::2], strict=True)))
        mask = causal_mask(attention_mask, input_ids.shape[1], self.model.dtype)
        out = self.model(input_ids=input_ids, attention_mask={"full_attention": mask}, position_ids=position_ids, past_key_values=cache, use_cache=True)
        flat = [part for layer in out.past_key_values.to_legacy_cache() for part in layer]
        return out.last_hidden_state, *flat


class Pooled(torch.nn.Module):
    """A decoder that takes no cache and gives the unit vector of the last token that is not padding."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        mask = causal_mask(attention_mask, input_ids.shape[1], self.model.dtype)
        position_ids = (attention_mask.cumsum(1) - 1).clamp(min=0)
        out = self.model(input_ids=input_ids, attention_mask={"full_attention": mask}, position_ids=position_ids, use_cache=False)
        places = torch.arange(input_ids.shape[1]) * attention_mask
        last = places.argmax(1)
        rows = out.last_hidden_state[torch.arange(input_ids.shape[0]), last]
        return torch.nn.functional.normalize(rows, dim=-1)


class Hidden(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state


def causal_mask(attention_mask, length, dtype):
    """[batch, 1, length, past + length]: 0 where a token may look, the lowest number elsewhere."""
    total = attention_mask.shape[1]
    rows = torch.arange(length)[:, None] + (total - length)
    allowed = (torch.arange(total)[None, :] <= rows) & attention_mask[:, None, None, :].bool()
    return torch.zeros(1, dtype=dtype).masked_fill(~allowed, torch.finfo(dtype).min)


def export(module, args, path: Path, inputs, outputs, axes):
    with torch.no_grad():
        torch.onnx.export(module.eval(), args, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False)


def export_with_cache(model, path: Path):
    config = model.config
    shape = (2, config.num_key_value_heads, 1, config.head_dim)
    past = [torch.zeros(shape) for _ in range(2 * config.num_hidden_layers)]
    ids = torch.ones((2, 3), dtype=torch.long)
    names = [f"{layer}.{part}" for layer in range(config.num_hidden_layers) for part in ("key", "value")]
    axes = {"input_ids": {0: "batch_size", 1: "sequence_length"}, "attention_mask": {0: "batch_size", 1: "total_sequence_length"},
            "position_ids": {0: "batch_size", 1: "sequence_length"}, "last_hidden_state": {0: "batch_size", 1: "sequence_length"}}
    for name in names:
        axes[f"past_key_values.{name}"] = {0: "batch_size", 2: "past_sequence_length"}
        axes[f"present.{name}"] = {0: "batch_size", 2: "total_sequence_length"}
    export(WithCache(model), (ids, torch.ones((2, 4), dtype=torch.long), ids, *past), path,
           ["input_ids", "attention_mask", "position_ids", *(f"past_key_values.{name}" for name in names)],
           ["last_hidden_state", *(f"present.{name}" for name in names)], axes)


def export_pooled(model, path: Path):
    ids = torch.ones((2, 3), dtype=torch.long)
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in ("input_ids", "attention_mask")}
    export(Pooled(model), (ids, ids), path, ["input_ids", "attention_mask"], ["sentence_embedding"], {**axes, "sentence_embedding": {0: "batch_size"}})


def export_hidden(model, path: Path):
    ids = torch.ones((2, 3), dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in [*names, "last_hidden_state"]}
    export(Hidden(model), (ids, ids, ids), path, names, ["last_hidden_state"], axes)
