export { BulkBar } from './bulk/BulkBar.tsx';
export { ColumnsLayer } from './ColumnsLayer.tsx';
export { ExportLayer } from './ExportLayer.tsx';
export { AddLayer } from './filter/AddLayer.tsx';
export { ChipLayer } from './filter/ChipLayer.tsx';
export { Views, ViewsLayer } from './saved/Views.tsx';
