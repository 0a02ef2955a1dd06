"""The plugin as QGIS loads and unloads it: one Processing provider."""

from qgis.core import QgsApplication

from .provider import TerritoireProvider


class TerritoirePlugin:
    """Adds the provider to Processing, and takes it away."""

    def __init__(self, iface):
        self.iface = iface
        self.provider = None

    def initProcessing(self):  # noqa: N802
        """Add the provider; ``qgis_process`` calls this and nothing else."""
        self.provider = TerritoireProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):  # noqa: N802
        """Add the provider in a QGIS with windows."""
        self.initProcessing()

    def unload(self):
        """Take the provider away."""
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
