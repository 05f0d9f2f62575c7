// A model that a list of layers cannot say: a layer of one's own that weighs the words of a sentence by how much each tells.
// Padding (code 0) weighs nothing, so that short sentences are not thinned by it.

export function build(tf, params, { inputShape, outputs }) {
  class AttentionPooling extends tf.layers.Layer {
    static className = 'AttentionPooling';

    /** The query begins with zeros: at first all words weigh the same. [[batch, words], [batch, words, dimensions]] */
    build([, [, , dimensions]]) {
      this.query = this.addWeight('query', [dimensions, 1], 'float32', tf.initializers.zeros());
    }

    computeOutputShape([, [batch, , dimensions]]) {
      return [batch, dimensions];
    }

    call([codes, vectors]) {
      return tf.tidy(() => {
        const [, words, dimensions] = vectors.shape;
        const flat = tf.reshape(tf.tanh(vectors), [-1, dimensions]);
        const scores = tf.reshape(tf.matMul(flat, this.query.read()), [-1, words]);
        const isPadding = tf.cast(tf.equal(codes, 0), 'float32');
        const weights = tf.softmax(tf.sub(scores, tf.mul(isPadding, 1e9)));
        return tf.sum(tf.mul(vectors, tf.expandDims(weights, 2)), 1);
      });
    }
  }

  const codes = tf.input({ shape: inputShape });
  const vectors = tf.layers
    .embedding({ name: 'words', inputDim: params.vocabulary, outputDim: params.dimensions })
    .apply(codes);
  const sentence = new AttentionPooling({ name: 'attention' }).apply([codes, vectors]);
  const calmed = tf.layers.dropout({ name: 'dropout', rate: 0.3 }).apply(sentence);
  const language = tf.layers.dense({ name: 'language', units: outputs, activation: 'softmax' }).apply(calmed);
  return tf.model({ inputs: codes, outputs: language });
}
