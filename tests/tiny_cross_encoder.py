"""A cross-encoder of kilobytes, made anew: no package ships one's weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def write_tiny(
    folder: Path,
    labels: int = 1,
    scale: float = 1,
    safe: bool = True,
    head: bool = True,
    words: Sequence[str] = "abcdef?",
    names: Sequence[str] = (),
) -> Path:
    """A BERT of random weights that knows `words`; `scale` multiplies the logits, `safe` is safetensors, not a pickle.

    `names` are the names of its labels.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

    known = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    sizes: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = BertConfig(
        vocab_size=len(known), **sizes, intermediate_size=64, num_labels=labels, initializer_range=0.5
    )
    if names:
        config.id2label = dict(enumerate(names))
    torch.manual_seed(0)
    model = (BertForSequenceClassification if head else BertModel)(config)
    if head:
        model.classifier.weight.data *= scale
    model.save_pretrained(folder)
    BertTokenizer(vocab={word: n for n, word in enumerate(known)}).save_pretrained(folder)
    if not safe:
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    return folder
