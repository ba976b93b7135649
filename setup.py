"""Puts the trained models into a wheel: they lie beside the package in a checkout, inside it once installed."""

from pathlib import Path
from shutil import copytree, ignore_patterns

from setuptools import setup
from setuptools.command.build_py import build_py

MODELS = Path(__file__).parent / "models"


class BuildWithModels(build_py):
    """The usual build, and `models/` as `pipeline/models/`; an editable installation reads them where they lie."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "pipeline" / "models"
            copytree(MODELS, target, dirs_exist_ok=True, ignore=ignore_patterns("*.png", ".*"))


setup(cmdclass={"build_py": BuildWithModels})
