"""Makes fixtures/embed/parity: tiny models with random weights, and what sentence-transformers gives for fifty texts.

    pip install torch transformers==4.57.1 sentence-transformers==5.7.0 onnx tokenizers
    python models/train/parity/make.py fixtures/embed/parity
"""

import base64
import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from graphs import export_hidden, export_pooled, export_with_cache
from onnx import numpy_helper
from sentence_transformers import SentenceTransformer, models
from texts import TEXTS
from tokenizers_tiny import bert, qwen
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, Qwen3Config, Qwen3Model

MAX_TOKENS = 48


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    (target / "texts.json").write_text(json.dumps(TEXTS, ensure_ascii=True, indent=0) + "\n")
    make_qwen(target)
    make_bert(target / "bert-mean", "mean", dense=True)
    make_bert(target / "bert-cls", "cls", dense=False)


def make_qwen(target: Path) -> None:
    folder = target / "qwen"
    fresh(folder)
    tokenizer = qwen(TEXTS, folder / "tokenizer.json", appends_eos=True)
    end = tokenizer.token_to_id("<|endoftext|>")
    torch.manual_seed(6)
    config = Qwen3Config(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, max_position_embeddings=512, eos_token_id=end, bos_token_id=end,
        initializer_range=0.3, tie_word_embeddings=True, attn_implementation="eager",
    )
    model = Qwen3Model(config).eval()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<|endoftext|>", eos_token="<|im_end|>", padding_side="left", model_max_length=131072)
    prompts = {"query": "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:", "document": ""}
    vectors = reference(folder, model, fast, "lasttoken", prompts, dense=None)
    extra = {"is_matryoshka": True, "matryoshka_dimensions": [8, 16, 32, 64]}
    (folder / "config.json").write_text(json.dumps({**json.loads((folder / "config.json").read_text()), **extra}, indent=1) + "\n")
    (folder / "onnx").mkdir()
    export_with_cache(model, folder / "onnx" / "model.onnx")
    half_precision(folder / "onnx" / "model.onnx", folder / "onnx" / "model_fp16.onnx")
    with_external_data(folder / "onnx" / "model.onnx", folder / "onnx" / "model_q4.onnx")
    pooled = target / "qwen-pooled"
    fresh(pooled)
    for name in ("config.json", "tokenizer_config.json"):
        shutil.copy(folder / name, pooled / name)
    # the chat model's tokenizer, which does not end texts
    qwen(TEXTS, pooled / "tokenizer.json", appends_eos=False)
    export_pooled(model, pooled / "model.onnx")
    (pooled / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": MAX_TOKENS}) + "\n")
    write(folder, vectors)
    write(pooled, {"plain": vectors["plain"]})


def make_bert(folder: Path, pooling: str, dense: bool) -> None:
    fresh(folder)
    tokenizer = bert(TEXTS, folder / "tokenizer.json")
    torch.manual_seed(len(pooling))
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
                        max_position_embeddings=64, initializer_range=0.3, attn_implementation="eager")
    model = BertModel(config, add_pooling_layer=False).eval()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]", model_max_length=64)
    layer = models.Dense(32, 24, activation_function=torch.nn.Tanh()) if dense else None
    if layer is not None:
        torch.manual_seed(1)
        torch.nn.init.normal_(layer.linear.weight, std=0.5)
    vectors = reference(folder, model, fast, pooling, {} if dense else {"query": "query: ", "document": "passage: "}, layer)
    (folder / "onnx").mkdir()
    export_hidden(model, folder / "onnx" / "model.onnx")
    write(folder, vectors)


def reference(folder: Path, model, tokenizer, pooling: str, prompts: dict, dense) -> dict:
    """Saves everything but the weights into the folder, as sentence-transformers writes it; its vectors by variant."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        model.save_pretrained(scratch / "base")
        tokenizer.save_pretrained(scratch / "base")
        transformer = models.Transformer(str(scratch / "base"), max_seq_length=MAX_TOKENS)
        pool = models.Pooling(transformer.get_word_embedding_dimension(), pooling_mode=pooling)
        parts = [transformer, pool, *([dense] if dense is not None else []), models.Normalize()]
        encoder = SentenceTransformer(modules=parts, prompts=prompts, device="cpu")
        encoder.save(str(scratch / "saved"))
        for path in sorted((scratch / "saved").rglob("*")):
            if path.is_file() and path.name not in ("model.safetensors", "README.md") or path.parent.name.endswith("Dense") and path.is_file():
                place = folder / path.relative_to(scratch / "saved")
                place.parent.mkdir(exist_ok=True)
                shutil.copy(path, place)
        plain = encoder.encode(TEXTS, batch_size=8)
        encoder.tokenizer.padding_side = "right" if encoder.tokenizer.padding_side == "left" else "left"
        for other in (encoder.encode(TEXTS, batch_size=8), encoder.encode(TEXTS, batch_size=1)):
            assert pooling == "cls" or np.abs(other - plain).max() < 1e-4 or "bert" in folder.name, folder
        encoder.tokenizer.padding_side = "left" if pooling == "lasttoken" else "right"
        out = {"plain": plain, "truncated": encoder.encode(TEXTS, batch_size=8, truncate_dim=16, normalize_embeddings=True)}
        for prompt in [name for name, text in prompts.items() if text]:
            out[prompt] = encoder.encode(TEXTS, batch_size=8, prompt_name=prompt)
        return out


def half_precision(source: Path, path: Path) -> None:
    """Weights, cache and hidden states as float16; arithmetic in float32 between casts, so that any CPU runs it alike."""
    model = onnx.load(source)
    graph = model.graph
    for tensor in list(graph.initializer):
        if tensor.data_type == onnx.TensorProto.FLOAT:
            half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), f"{tensor.name}_half")
            graph.initializer.remove(tensor)
            graph.initializer.append(half)
            graph.node.insert(0, onnx.helper.make_node("Cast", [half.name], [tensor.name], to=onnx.TensorProto.FLOAT))
    for value in graph.input:
        if value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT:
            value.type.tensor_type.elem_type = onnx.TensorProto.FLOAT16
            single = f"{value.name}_single"
            rename(graph, value.name, single)
            graph.node.insert(0, onnx.helper.make_node("Cast", [value.name], [single], to=onnx.TensorProto.FLOAT))
    for value in graph.output:
        value.type.tensor_type.elem_type = onnx.TensorProto.FLOAT16
        single = f"{value.name}_single"
        for node in graph.node:
            node.output[:] = [single if name == value.name else name for name in node.output]
            node.input[:] = [single if name == value.name else name for name in node.input]
        graph.node.append(onnx.helper.make_node("Cast", [single], [value.name], to=onnx.TensorProto.FLOAT16))
    onnx.checker.check_model(model)
    onnx.save(model, path)


def rename(graph, old: str, new: str) -> None:
    for node in graph.node:
        node.input[:] = [new if name == old else name for name in node.input]


def with_external_data(source: Path, path: Path) -> None:
    """The same weights in a second file, as graphs over 2 GB must have them; the name stands for any other dtype."""
    onnx.save(onnx.load(source), path, save_as_external_data=True, location=f"{path.name}_data", size_threshold=256)


def fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def write(folder: Path, vectors: dict) -> None:
    rows = {name: {"dims": int(rows.shape[1]), "base64": base64.b64encode(rows.astype("<f4").tobytes()).decode()} for name, rows in vectors.items()}
    (folder / "expected.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
