const FRAME_MS = 16;
const HIDDEN_MS = 500;

/** When what has been heard is drawn. */
export interface Drawing {
  /** Draws soon: after a quiet frame when what comes with this moment is heard, else with the next frame; a hidden tab paints none and takes its time. */
  schedule(): void;
  stop(): void;
}

/** Draws at most once a frame, and the first news after a while without waiting for one. */
export const createDrawing = (draw: () => void): Drawing => {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let unschedule = (): void => undefined;
  const go = () => {
    drawnAt = performance.now();
    draw();
  };
  /** After the task that is under way, as all that one piece of a stream brings comes in one. */
  const soon = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go();
    };
    port2.postMessage(null);
    return () => port1.close();
  };
  const later = () => {
    const timer = setTimeout(go, HIDDEN_MS);
    return () => clearTimeout(timer);
  };
  const nextFrame = () => {
    const frame = requestAnimationFrame(go);
    return () => cancelAnimationFrame(frame);
  };
  return {
    schedule: () => {
      unschedule();
      if (document.hidden) unschedule = later();
      else unschedule = performance.now() - drawnAt < FRAME_MS ? nextFrame() : soon();
    },
    stop: () => unschedule(),
  };
};
