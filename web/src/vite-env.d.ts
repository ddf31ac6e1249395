declare module 'virtual:status-tones.css';
